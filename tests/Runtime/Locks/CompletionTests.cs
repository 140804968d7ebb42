// The completion: counting, opening for good, time-outs.
using System;
using System.Threading;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Locks;

public sealed class CompletionTests : ValidatedTest
{
    private readonly Completion _completion = new();

    [Fact]
    public void Complete_BeforeTheWait_LetsOneGo()
    {
        _completion.Complete();
        Assert.True(_completion.IsCompleted);
        _completion.Wait();
        Assert.False(_completion.IsCompleted);
        Assert.False(_completion.TryWait());
    }

    [Fact]
    public void Complete_WakesOneWaiter()
    {
        int woken = 0;
        Threads.Running[] waiters = new Threads.Running[3];
        for (int i = 0; i < waiters.Length; i++)
        {
            waiters[i] = Threads.Start(() =>
            {
                _completion.Wait();
                Interlocked.Increment(ref woken);
            });
            Threads.AwaitBlocked(waiters[i]);
        }

        _completion.Complete();
        Threads.Await(() => Volatile.Read(ref woken) == 1, "one waiter goes");
        Assert.False(_completion.IsCompleted);
        _completion.Complete();
        _completion.Complete();
        Array.ForEach(waiters, w => w.End());
        Assert.Equal(3, woken);
    }

    [Fact]
    public void CompleteAll_LetsEveryoneGo_UntilReset()
    {
        Threads.Running waiter = Threads.Start(() => _completion.Wait());
        Threads.AwaitBlocked(waiter);
        _completion.CompleteAll();
        waiter.End();
        _completion.Wait();
        Assert.True(_completion.Wait(TimeSpan.Zero));
        _completion.Complete();
        Assert.True(_completion.TryWait());
        _completion.Reset();
        Assert.False(_completion.TryWait());
    }

    [Fact]
    public void TimedWait_GivesUp_AndUsesNothingUp()
    {
        Assert.False(_completion.Wait(TimeSpan.FromMilliseconds(10)));
        Assert.False(_completion.Wait(TimeSpan.Zero));
        _completion.Complete();
        Assert.True(_completion.Wait(TimeSpan.FromMilliseconds(10)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _completion.Wait(TimeSpan.FromMilliseconds(-2)));
    }

    [Fact]
    public void ResetWhileSomebodyWaits_IsRefused()
    {
        Threads.Running waiter = Threads.Start(() => _completion.Wait());
        Threads.AwaitBlocked(waiter);
        Assert.Throws<SynchronizationLockException>(_completion.Reset);
        _completion.Complete();
        waiter.End();
    }

    [Fact]
    public void WaitUnderALockThatTheDutyTakes_IsReported()
    {
        var mutex = new MutexLock();
        using (_completion.EnterDuty())
        using (mutex.Enter())
        {
        }

        _completion.Complete();
        using (mutex.Enter())
        {
            _completion.Wait();
        }

        AssertReported(LockdepReportKind.CircularDependency);
    }

    [Fact]
    public void WaitUnderASpinLock_IsReported()
    {
        var spin = new SpinMutex();
        _completion.Complete();
        using (spin.Enter())
        {
            _completion.Wait();
        }

        AssertReported(LockdepReportKind.InvalidWaitContext);
    }
}
