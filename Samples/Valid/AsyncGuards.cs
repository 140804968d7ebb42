// Guards that are awaited: made by an asynchronous factory, or entered by an asynchronous method of their own.
using System;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Valid.AsyncGuards;

[Capability("door", ThreadAffine = false)]
public sealed class Door
{
    private readonly SemaphoreSlim _inner = new(1, 1);

    [Acquires("this")]
    public Task EnterAsync() => _inner.WaitAsync();

    [Acquires("this")]
    public async Task<DoorScope> HoldAsync()
    {
        await EnterAsync().ConfigureAwait(false);
        return new DoorScope(this);
    }

    [Releases("this")]
    public void Exit() => _inner.Release();
}

/// <summary>Takes over a door that is held already.</summary>
[ScopedCapability]
public sealed class DoorScope : IDisposable
{
    private readonly Door _door;

    [Requires("door")]
    public DoorScope(Door door) => _door = door;

    [Releases("this")]
    public void Dispose() => _door.Exit();
}

/// <summary>Is bound to a door that it enters later.</summary>
[ScopedCapability]
public sealed class DeferredScope : IAsyncDisposable
{
    private readonly Door _door;

    [Excludes("door")]
    public DeferredScope(Door door) => _door = door;

    [Acquires("this")]
    public Task EnterAsync() => _door.EnterAsync();

    [Releases("this")]
    public ValueTask DisposeAsync()
    {
        _door.Exit();
        return default;
    }
}

public sealed class Room
{
    private readonly Door _door = new();

    [GuardedBy(nameof(_door))]
    private int _guests;

    public async Task ArriveAsync()
    {
        using DoorScope scope = await _door.HoldAsync().ConfigureAwait(false);
        _guests++;
    }

    public async Task LeaveAsync()
    {
        await using var scope = new DeferredScope(_door);
        await scope.EnterAsync().ConfigureAwait(false);
        _guests--;
        await Task.Yield();
        _guests++;
    }
}

/// <summary>A guard whose end is awaited elsewhere: it is the same guard, and nothing fails between the acquire and the <c>using</c>.</summary>
public sealed class Session
{
    private readonly SemaphoreSlim _lock = new(1, 1);
    private int _packets;

    public async Task RunAsync(CancellationToken token)
    {
        try
        {
            await using System.Runtime.CompilerServices.ConfiguredAsyncDisposable held = (await AcquireAsync(token).ConfigureAwait(false)).ConfigureAwait(false);
            _packets++;
        }
        finally
        {
            await StopAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<IAsyncDisposable> AcquireAsync(CancellationToken token)
    {
        await _lock.WaitAsync(token).ConfigureAwait(false);
        return new Releaser(this);
    }

    private async Task StopAsync()
    {
        await _lock.WaitAsync().ConfigureAwait(false);
        try
        {
            _packets = 0;
        }
        finally
        {
            _lock.Release();
        }
    }

    private sealed class Releaser(Session session) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            session._lock.Release();
            return default;
        }
    }
}
