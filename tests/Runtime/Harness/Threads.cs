// Threads for tests: what they throw comes out of the test, and none is waited for without a bound.
using System;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Locking.Tests.Harness;

internal static class Threads
{
    /// <summary>The bound of every wait that should not be one: only a failing test reaches it.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>Runs something on a thread of its own to its end.</summary>
    public static void Run(Action body) => Start(body).End();

    public static Running Start(Action body) => new(body);

    /// <summary>Waits until a condition holds that another thread is about to bring about.</summary>
    public static void Await(Func<bool> condition, string what)
    {
        if (!SpinWait.SpinUntil(condition, Bound))
        {
            throw new TimeoutException("This did not happen: " + what);
        }
    }

    /// <summary>Waits until a thread is blocked, so that what follows happens while it waits.</summary>
    public static void AwaitBlocked(Running running) =>
        Await(() => (running.State & ThreadState.WaitSleepJoin) != 0, "the thread blocks");

    internal sealed class Running
    {
        private readonly Thread _thread;
        private ExceptionDispatchInfo? _thrown;

        public Running(Action body)
        {
            _thread = new Thread(() =>
            {
                try
                {
                    body();
                }
                catch (Exception e)
                {
                    _thrown = ExceptionDispatchInfo.Capture(e);
                }
            })
            { IsBackground = true, Name = "test" };
            _thread.Start();
        }

        public ThreadState State => _thread.ThreadState;

        public bool IsAlive => _thread.IsAlive;

        public void Interrupt() => _thread.Interrupt();

        public void End() => End(Bound);

        public void End(TimeSpan bound)
        {
            if (!_thread.Join(bound))
            {
                throw new TimeoutException("The thread did not end.");
            }

            _thrown?.Throw();
        }
    }
}
