// The spin lock: exclusion, and every way to misuse it.
using System;
using System.Threading;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Locks;

public sealed class SpinMutexTests : ValidatedTest
{
    private readonly SpinMutex _lock = new();

    [Fact]
    public void Enter_HoldsToTheEndOfTheScope()
    {
        using (_lock.Enter())
        {
            Assert.True(_lock.IsHeldByCurrentThread);
            Threads.Run(() => Assert.False(_lock.TryAcquire()));
            Threads.Run(() => Assert.False(_lock.TryEnter(out _)));
        }

        Assert.False(_lock.IsHeldByCurrentThread);
        Assert.True(_lock.TryEnter(out SpinMutex.Guard guard));
        guard.Dispose();
    }

    [Fact]
    public void Spinner_GetsItAfterTheRelease()
    {
        _lock.Acquire();
        int acquired = 0;
        Threads.Running spinner = Threads.Start(() =>
        {
            using (_lock.Enter())
            {
                Volatile.Write(ref acquired, 1);
            }
        });
        Assert.Equal(0, Volatile.Read(ref acquired));
        _lock.Release();
        spinner.End();
        Assert.Equal(1, acquired);
    }

    [Fact]
    public void SecondAcquire_IsRefusedAtOnce_AndTheFirstHolds()
    {
        _lock.Acquire();
        Assert.Throws<LockRecursionException>(() => _lock.Acquire());
        Assert.False(_lock.TryAcquire());
        Assert.True(_lock.IsHeldByCurrentThread);
        _lock.Release();
        AssertReported(LockdepReportKind.RecursiveLocking);
    }

    [Fact]
    public void ReleaseByAnotherThread_Throws_AndTheHolderKeepsIt()
    {
        Assert.Throws<SynchronizationLockException>(_lock.Release);
        _lock.Acquire();
        Threads.Run(() => Assert.Throws<SynchronizationLockException>(_lock.Release));
        Assert.True(_lock.IsHeldByCurrentThread);
        _lock.Release();
        AssertReported(LockdepReportKind.ReleaseOfFreeLock);
    }

    [Fact]
    public void GuardDisposedTwice_Throws()
    {
        SpinMutex.Guard guard = _lock.Enter();
        guard.Dispose();
        bool threw = false;
        try
        {
            guard.Dispose();
        }
        catch (SynchronizationLockException)
        {
            threw = true;
        }

        Assert.True(threw);
    }

    [Fact]
    public void DisposeWhileHeld_Throws_AndLaterAcquiresAreRefused()
    {
        _lock.Acquire();
        Assert.Throws<SynchronizationLockException>(_lock.Dispose);
        _lock.Release();
        _lock.Dispose();
        _lock.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _lock.Acquire());
        Assert.Throws<ObjectDisposedException>(() => _lock.TryAcquire());
        AssertReported(LockdepReportKind.HeldLockDisposed);
    }

    [Fact]
    public void Asserts_TellWhoHolds()
    {
        _lock.AssertNotHeld();
        Assert.Throws<SynchronizationLockException>(() => _lock.AssertHeld());
        using (_lock.Enter())
        {
            _lock.AssertHeld();
            Assert.Throws<SynchronizationLockException>(() => _lock.AssertNotHeld());
        }

        AssertReported(LockdepReportKind.NotHeld, LockdepReportKind.HeldUnexpectedly);
    }

    [Fact]
    public void Guard_AllocatesNothing() => Assert.Equal(0, Allocations.Of(() =>
    {
        using (_lock.Enter())
        {
        }
    }));
}
