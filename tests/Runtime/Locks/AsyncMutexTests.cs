// The async mutex: exclusion across awaits, order, cancellation, and every way to misuse it.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Locks;

public sealed class AsyncMutexTests : ValidatedTest
{
    private readonly AsyncMutex _mutex = new();

    [Fact]
    public async Task EnterAsync_HoldsAcrossAwaits()
    {
        using (await _mutex.EnterAsync())
        {
            await Task.Yield();
            Assert.True(_mutex.IsHeld);
            Threads.Run(() => Assert.False(_mutex.TryEnter(out _)));
        }

        Assert.False(_mutex.IsHeld);
    }

    [Fact]
    public async Task Waiters_AreServedInOrder()
    {
        var order = new List<int>();
        AsyncMutex.Guard first = await _mutex.EnterAsync();
        Task[] waiters = [.. Enumerable.Range(0, 5).Select(WaitAsync)];
        first.Dispose();
        await Task.WhenAll(waiters);
        Assert.Equal([0, 1, 2, 3, 4], order);

        async Task WaitAsync(int number)
        {
            using (await _mutex.EnterAsync())
            {
                order.Add(number);
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task BlockedThreadAndAwaitingFlow_ShareTheQueue()
    {
        AsyncMutex.Guard first = await _mutex.EnterAsync();
        bool blockedGot = false;
        Threads.Running blocked = Threads.Start(() =>
        {
            using (_mutex.Enter())
            {
                blockedGot = true;
            }
        });
        Threads.AwaitBlocked(blocked);
        ValueTask<AsyncMutex.Guard> awaiting = _mutex.EnterAsync();
        Assert.False(awaiting.IsCompleted);
        first.Dispose();
        (await awaiting).Dispose();
        blocked.End();
        Assert.True(blockedGot);
        Assert.False(_mutex.IsHeld);
    }

    [Fact]
    public async Task CancelledWaiter_LeavesTheQueue_AndTheNextIsServed()
    {
        using var cancellation = new CancellationTokenSource();
        AsyncMutex.Guard first = await _mutex.EnterAsync();
        Task<AsyncMutex.Guard> cancelled = _mutex.EnterAsync(cancellation.Token).AsTask();
        Task<AsyncMutex.Guard> next = _mutex.EnterAsync().AsTask();
        await cancellation.CancelAsync();
        OperationCanceledException thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(cancellation.Token, thrown.CancellationToken);
        first.Dispose();
        (await next).Dispose();
        Assert.False(_mutex.IsHeld);
    }

    [Fact]
    public async Task CancelledBefore_TakesNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _mutex.EnterAsync(new CancellationToken(canceled: true)));
        Assert.False(_mutex.IsHeld);
    }

    [Fact]
    public void TimedEnter_GivesUp_AndLeavesNothingBehind()
    {
        using (_mutex.Enter())
        {
            Threads.Run(() => Assert.False(_mutex.TryEnter(TimeSpan.FromMilliseconds(20), out _)));
        }

        Assert.False(_mutex.IsHeld);
        Assert.True(_mutex.TryEnter(TimeSpan.FromMilliseconds(20), out AsyncMutex.ThreadGuard guard));
        guard.Dispose();
        Assert.False(_mutex.IsHeld);
    }

    [Fact]
    public void InterruptedWaiter_Throws_AndLeavesNothingBehind()
    {
        using (_mutex.Enter())
        {
            Threads.Running waiter = Threads.Start(() => Assert.Throws<ThreadInterruptedException>(() => _mutex.Enter()));
            Threads.AwaitBlocked(waiter);
            waiter.Interrupt();
            waiter.End();
        }

        Assert.False(_mutex.IsHeld);
    }

    [Fact]
    public void SecondEnterOfAThread_IsRefusedAtOnce()
    {
        using (_mutex.Enter())
        {
            Assert.Throws<LockRecursionException>(() => _mutex.Enter());
            Assert.True(_mutex.IsHeld);
        }

        Assert.False(_mutex.IsHeld);
        AssertReported(LockdepReportKind.RecursiveLocking);
    }

    [Fact]
    public async Task GuardDisposedTwice_OrItsCopy_Throws_AndTheNextHoldStays()
    {
        AsyncMutex.Guard guard = await _mutex.EnterAsync();
        AsyncMutex.Guard copy = guard;
        guard.Dispose();
        Assert.Throws<SynchronizationLockException>(() => guard.Dispose());
        using (await _mutex.EnterAsync())
        {
            SynchronizationLockException thrown = Assert.Throws<SynchronizationLockException>(() => copy.Dispose());
            Assert.EndsWith("was released before.", thrown.Message);
            Assert.True(_mutex.IsHeld);
        }

        Assert.Throws<SynchronizationLockException>(() => default(AsyncMutex.Guard).Dispose());
    }

    [Fact]
    public async Task GuardDisposedOnAnotherThread_Releases()
    {
        AsyncMutex.Guard guard = await _mutex.EnterAsync();
        Threads.Run(guard.Dispose);
        Assert.False(_mutex.IsHeld);
    }

    [Fact]
    public async Task DisposeWhileHeld_IsRefused_AndLaterAcquiresThrow()
    {
        using (await _mutex.EnterAsync())
        {
            Assert.Throws<SynchronizationLockException>(_mutex.Dispose);
        }

        _mutex.Dispose();
        _mutex.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _mutex.EnterAsync());
        Assert.Throws<ObjectDisposedException>(() => _mutex.Enter());
        Assert.Throws<ObjectDisposedException>(() => _mutex.TryEnter(out _));
    }

    [Fact]
    public void UncontendedEnter_AllocatesNothing()
    {
        Assert.Equal(0, Allocations.Of(() =>
        {
            using (_mutex.Enter())
            {
            }
        }));
        Assert.Equal(0, Allocations.Of(() => _mutex.EnterAsync().Result.Dispose()));
    }
}
