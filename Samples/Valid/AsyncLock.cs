// A lock over a semaphore that hands out a struct to release it, without a word of contract.
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.Valid.AsyncLock;

public sealed class AsyncLock
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);

    public async Task<Releaser> LockAsync(CancellationToken token = default)
    {
        await _semaphore.WaitAsync(token).ConfigureAwait(false);
        return new Releaser(this);
    }

    public Releaser Lock()
    {
        _semaphore.Wait();
        return new Releaser(this);
    }

    public readonly struct Releaser : IDisposable
    {
        private readonly AsyncLock _owner;

        public Releaser(AsyncLock owner) => _owner = owner;

        public void Dispose() => _owner._semaphore.Release();
    }
}

public sealed class Account
{
    private readonly AsyncLock _gate = new();
    private decimal _balance;

    public async Task Deposit(decimal amount)
    {
        using (await _gate.LockAsync())
        {
            _balance += amount;
            await Task.Yield();
        }
    }

    public decimal Balance()
    {
        using AsyncLock.Releaser held = _gate.Lock();
        return _balance;
    }
}

/// <summary>There is one releaser, made once; and one task of it, for those who need not wait.</summary>
public sealed class SharedReleaser
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);
    private readonly IDisposable _releaser;
    private readonly Task<IDisposable> _released;

    public SharedReleaser()
    {
        _releaser = new Releaser(this);
        _released = Task.FromResult(_releaser);
    }

    public Task<IDisposable> LockAsync()
    {
        Task entered = _semaphore.WaitAsync();
        return entered.IsCompleted
            ? _released
            : entered.ContinueWith((_, state) => (IDisposable)state!, _releaser, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public IDisposable Lock()
    {
        _semaphore.Wait();
        return _releaser;
    }

    private sealed class Releaser(SharedReleaser owner) : IDisposable
    {
        public void Dispose() => owner._semaphore.Release();
    }
}

/// <summary>The releasers are made once, of the lock itself.</summary>
public sealed class TwoReleasers
{
    private readonly ReaderWriterLockSlim _rw = new();
    private readonly ReadReleaser _read;
    private readonly IDisposable _write;
    private readonly Task<IDisposable> _done;

    public TwoReleasers()
    {
        _read = new(_rw);
        _write = new WriteReleaser(_rw);
        _done = Task.FromResult(_write);
    }

    public IDisposable Read()
    {
        _rw.EnterReadLock();
        return _read;
    }

    public IDisposable Write()
    {
        _rw.EnterWriteLock();
        return _write;
    }

    public Task<IDisposable> WriteTask()
    {
        _rw.EnterWriteLock();
        return _done;
    }

    private sealed class ReadReleaser(ReaderWriterLockSlim rw) : IDisposable
    {
        public void Dispose() => rw.ExitReadLock();
    }

    private sealed class WriteReleaser : IDisposable
    {
        private readonly ReaderWriterLockSlim _lock;

        public WriteReleaser(ReaderWriterLockSlim rw) => _lock = rw;

        public void Dispose() => _lock.ExitWriteLock();
    }
}

/// <summary>Read twice, and written, each under what was returned.</summary>
public sealed class Table
{
    private readonly TwoReleasers _lock = new();
    private int _rows;

    public int Rows()
    {
        using (_lock.Read())
        {
            return _rows;
        }
    }

    public void Add()
    {
        using (_lock.Write())
        {
            _rows++;
        }
    }

    public void Clear()
    {
        using IDisposable held = _lock.Write();
        _rows = 0;
    }
}

/// <summary>The lock is its own releaser, and another type lends it.</summary>
public sealed class CacheLock
{
    private readonly Exclusive _exclusive;

    public CacheLock() => _exclusive = new Exclusive(this);

    public IDisposable Read() => _exclusive.Enter();

    public IDisposable Write() => _exclusive.Enter();

    private sealed class Exclusive(object gate) : IDisposable
    {
        public IDisposable Enter()
        {
            Monitor.Enter(gate);
            return this;
        }

        public void Dispose() => Monitor.Exit(gate);
    }
}

/// <summary>Others may keep its loop from running for a while: they await the acquire, and release it by another method.</summary>
public sealed class Cleanup
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private int _runs;

    public async Task RunAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            _runs++;
            await Task.Yield();
        }
        finally
        {
            _gate.Release();
        }
    }

    public Task PauseAsync(CancellationToken cancellation = default) => _gate.WaitAsync(cancellation);

    public void Resume() => _gate.Release();
}

/// <summary>The loop that is set going under the lock takes it later, when it is free again.</summary>
public sealed class Socket
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Task? _loop;

    public async Task ConnectAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await StartAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public bool IsRunning => _loop is { IsCompleted: false };

    private async Task StartAsync(CancellationToken cancellation)
    {
        await Task.Yield();
        _loop = ReceiveAsync(cancellation);
    }

    private async Task ReceiveAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Yield();
        }

        await CloseAsync().ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        _gate.Release();
    }
}
