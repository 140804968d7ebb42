// Replays schedules: something happens at a named point of another thread's way.
using System;
using System.Threading;
using Locking.Mirror;
using Locking.Tests.Harness;

namespace Locking.Tests.Mirror.Schedules;

internal static class Interleaving
{
    /// <summary>Does something on another thread, to its end, at the n-th time that this thread reaches a point.</summary>
    public static void At(string point, Action other, int time = 1)
    {
        int thread = Environment.CurrentManagedThreadId;
        SchedulePoint.Hook = name =>
        {
            if (name == point && Environment.CurrentManagedThreadId == thread && --time == 0)
            {
                Threads.Run(other);
            }
        };
    }

    /// <summary>Starts something on another thread at a point, and goes on when that thread blocks or has ended.</summary>
    public static Func<Threads.Running> Begin(string point, Action other)
    {
        int thread = Environment.CurrentManagedThreadId;
        Threads.Running? running = null;
        SchedulePoint.Hook = name =>
        {
            if (name == point && Environment.CurrentManagedThreadId == thread && running is null)
            {
                running = Threads.Start(other);
                Threads.Await(() => !running.IsAlive || (running.State & ThreadState.WaitSleepJoin) != 0, "the other thread blocks or ends");
            }
        };
        return () => running ?? throw new InvalidOperationException($"The point {point} was not reached.");
    }

    /// <summary>Runs with a user reference of its own.</summary>
    public static Action AsUser(AddressSpace mm, Action body)
    {
        mm.Users.Get();
        mm.Users.Disown();
        return () =>
        {
            mm.Users.Adopt();
            body();
            mm.Users.Put();
        };
    }
}
