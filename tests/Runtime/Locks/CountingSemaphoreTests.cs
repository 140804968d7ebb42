// The semaphore: permits, cancellation, one release too many.
using System;
using System.Threading;
using System.Threading.Tasks;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Locks;

public sealed class CountingSemaphoreTests : ValidatedTest
{
    private readonly CountingSemaphore _semaphore = new(2);

    [Fact]
    public void Permits_AreCounted()
    {
        _semaphore.Acquire();
        Assert.True(_semaphore.TryAcquire());
        Assert.Equal(0, _semaphore.Available);
        Assert.False(_semaphore.TryAcquire());
        Assert.False(_semaphore.TryAcquire(TimeSpan.FromMilliseconds(1)));
        _semaphore.Release();
        using (_semaphore.Enter())
        {
            Assert.Equal(0, _semaphore.Available);
        }

        _semaphore.Release();
        Assert.Equal(2, _semaphore.Available);
    }

    [Fact]
    public void ReleaseWithoutAPermitOut_IsRefused()
    {
        Assert.Throws<SemaphoreFullException>(_semaphore.Release);
        Assert.Equal(2, _semaphore.Available);
    }

    [Fact]
    public async Task CancelledAcquire_TakesNoPermit()
    {
        using var cancelled = new CancellationTokenSource();
        await _semaphore.AcquireAsync();
        _semaphore.Acquire();
        Task waiting = _semaphore.AcquireAsync(cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.ThrowsAny<OperationCanceledException>(() => _semaphore.Acquire(cancelled.Token));
        _semaphore.Release();
        _semaphore.Release();
        Assert.Equal(2, _semaphore.Available);
    }

    [Fact]
    public void GuardDisposedTwice_Throws()
    {
        CountingSemaphore.Guard guard = _semaphore.Enter();
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
        Assert.Equal(2, _semaphore.Available);
    }

    [Fact]
    public void DisposeWithAPermitOut_IsRefused()
    {
        _semaphore.Acquire();
        Assert.Throws<SynchronizationLockException>(_semaphore.Dispose);
        _semaphore.Release();
        _semaphore.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _semaphore.Acquire());
    }
}
