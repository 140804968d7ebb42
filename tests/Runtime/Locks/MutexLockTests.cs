// The mutex: exclusion, waiting, giving up, and every way to misuse it.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Locks;

public sealed class MutexLockTests : ValidatedTest
{
    private readonly MutexLock _mutex = new();

    private void ThrowInside()
    {
        using (_mutex.Enter())
        {
            throw new FormatException();
        }
    }

    [Fact]
    public void Enter_HoldsToTheEndOfTheScope()
    {
        using (_mutex.Enter())
        {
            Assert.True(_mutex.IsHeldByCurrentThread);
            Threads.Run(() => Assert.False(_mutex.IsHeldByCurrentThread));
        }

        Assert.False(_mutex.IsHeldByCurrentThread);
    }

    [Fact]
    public void ExceptionInsideTheScope_Releases()
    {
        Assert.Throws<FormatException>(ThrowInside);
        Threads.Run(() => Assert.True(_mutex.TryAcquire()));
    }

    [Fact]
    public void TryAcquire_WhileAnotherThreadHolds_Fails()
    {
        using (_mutex.Enter())
        {
            Threads.Run(() => Assert.False(_mutex.TryAcquire()));
            Threads.Run(() => Assert.False(_mutex.TryEnter(out _)));
            Assert.False(_mutex.TryAcquire());
        }
    }

    [Fact]
    public void TryEnter_OfAFreeMutex_Holds()
    {
        Assert.True(_mutex.TryEnter(out MutexLock.Guard guard));
        Assert.True(_mutex.IsHeldByCurrentThread);
        guard.Dispose();
        Assert.False(_mutex.IsHeldByCurrentThread);
    }

    [Fact]
    public void Waiter_GetsItAfterTheRelease()
    {
        _mutex.Acquire();
        bool acquired = false;
        Threads.Running waiter = Threads.Start(() =>
        {
            using (_mutex.Enter())
            {
                acquired = true;
            }
        });
        Threads.AwaitBlocked(waiter);
        Assert.False(acquired);
        _mutex.Release();
        waiter.End();
        Assert.True(acquired);
    }

    [Fact]
    public void ManyWaiters_AllGetIt()
    {
        int inside = 0;
        int total = 0;
        _mutex.Acquire();
        List<Threads.Running> waiters = [.. Enumerable.Range(0, 8).Select(_ => Threads.Start(() =>
        {
            using (_mutex.Enter())
            {
                Assert.Equal(1, Interlocked.Increment(ref inside));
                total++;
                Interlocked.Decrement(ref inside);
            }
        }))];
        waiters.ForEach(Threads.AwaitBlocked);
        _mutex.Release();
        waiters.ForEach(w => w.End());
        Assert.Equal(8, total);
    }

    [Fact]
    public void TimedAcquire_GivesUp_AndLeavesNothingBehind()
    {
        _mutex.Acquire();
        Threads.Run(() => Assert.False(_mutex.TryAcquire(TimeSpan.FromMilliseconds(20))));
        Threads.Run(() => Assert.False(_mutex.TryAcquire(TimeSpan.Zero)));
        _mutex.Release();
        Threads.Run(() => Assert.True(_mutex.TryAcquire(TimeSpan.FromMilliseconds(20))));
    }

    [Fact]
    public void WaiterThatGivesUp_PassesItsTurnOn()
    {
        _mutex.Acquire();
        Threads.Running impatient = Threads.Start(() => Assert.False(_mutex.TryAcquire(TimeSpan.FromMilliseconds(200))));
        Threads.AwaitBlocked(impatient);
        bool acquired = false;
        Threads.Running patient = Threads.Start(() =>
        {
            using (_mutex.Enter())
            {
                acquired = true;
            }
        });
        Threads.AwaitBlocked(patient);
        impatient.End();
        Assert.False(acquired);
        _mutex.Release();
        patient.End();
        Assert.True(acquired);
    }

    [Fact]
    public void InterruptedWaiter_Throws_AndLeavesNothingBehind()
    {
        _mutex.Acquire();
        Threads.Running waiter = Threads.Start(() => Assert.Throws<ThreadInterruptedException>(() => _mutex.Acquire()));
        Threads.AwaitBlocked(waiter);
        waiter.Interrupt();
        waiter.End();
        _mutex.Release();
        Threads.Run(() =>
        {
            using (_mutex.Enter())
            {
            }
        });
    }

    [Fact]
    public void NegativeTimeout_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _mutex.TryAcquire(TimeSpan.FromMilliseconds(-2)));

    [Fact]
    public void SecondAcquire_IsRefusedAtOnce_AndTheFirstHolds()
    {
        _mutex.Acquire();
        LockRecursionException thrown = Assert.Throws<LockRecursionException>(() => _mutex.Acquire());
        Assert.EndsWith("is already held by this thread, and is not recursive.", thrown.Message);
        Assert.Throws<LockRecursionException>(() => _mutex.TryAcquire(TimeSpan.FromMilliseconds(1)));
        Assert.True(_mutex.IsHeldByCurrentThread);
        _mutex.Release();
        Assert.False(_mutex.IsHeldByCurrentThread);
        AssertReported(LockdepReportKind.RecursiveLocking);
    }

    [Fact]
    public void ReleaseOfAFreeMutex_Throws()
    {
        SynchronizationLockException thrown = Assert.Throws<SynchronizationLockException>(_mutex.Release);
        Assert.EndsWith("is not held by this thread.", thrown.Message);
        AssertReported(LockdepReportKind.ReleaseOfFreeLock);
    }

    [Fact]
    public void ReleaseByAnotherThread_Throws_AndTheHolderKeepsIt()
    {
        _mutex.Acquire();
        Threads.Run(() => Assert.Throws<SynchronizationLockException>(_mutex.Release));
        Assert.True(_mutex.IsHeldByCurrentThread);
        _mutex.Release();
        AssertReported(LockdepReportKind.ReleaseOfFreeLock);
    }

    [Fact]
    public void GuardDisposedTwice_Throws_AndAnotherHoldStays()
    {
        MutexLock.Guard guard = _mutex.Enter();
        guard.Dispose();
        _mutex.Acquire();
        SynchronizationLockException? thrown = null;
        try
        {
            guard.Dispose();
        }
        catch (SynchronizationLockException e)
        {
            thrown = e;
        }

        Assert.Equal("This guard holds nothing: it was disposed before, or its try failed.", thrown?.Message);
        Assert.True(_mutex.IsHeldByCurrentThread);
        _mutex.Release();
    }

    [Fact]
    public void DisposeWhileHeld_Throws_AndItStaysUsable()
    {
        _mutex.Acquire();
        SynchronizationLockException thrown = Assert.Throws<SynchronizationLockException>(_mutex.Dispose);
        Assert.EndsWith("is disposed while it is in use.", thrown.Message);
        _mutex.Release();
        using (_mutex.Enter())
        {
        }

        AssertReported(LockdepReportKind.HeldLockDisposed);
    }

    [Fact]
    public void AcquireAfterDispose_Throws()
    {
        _mutex.Dispose();
        _mutex.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _mutex.Acquire());
        Assert.Throws<ObjectDisposedException>(() => _mutex.TryAcquire());
        Assert.Throws<ObjectDisposedException>(() => _mutex.TryAcquire(TimeSpan.FromMilliseconds(1)));
        Assert.Throws<SynchronizationLockException>(_mutex.Release);
        AssertReported(LockdepReportKind.ReleaseOfFreeLock);
    }

    [Fact]
    public void Asserts_TellWhoHolds()
    {
        _mutex.AssertNotHeld();
        SynchronizationLockException thrown = Assert.Throws<SynchronizationLockException>(() => _mutex.AssertHeld());
        Assert.EndsWith("should be held here.", thrown.Message);
        using (_mutex.Enter())
        {
            _mutex.AssertHeld();
            Assert.Throws<SynchronizationLockException>(() => _mutex.AssertNotHeld());
        }

        AssertReported(LockdepReportKind.NotHeld, LockdepReportKind.HeldUnexpectedly);
    }

    [Fact]
    public void Guard_AllocatesNothing() => Assert.Equal(0, Allocations.Of(() =>
    {
        using (_mutex.Enter())
        {
        }
    }));
}
