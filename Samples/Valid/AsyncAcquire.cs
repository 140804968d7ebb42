// Acquires that are awaited where they may fail, and tries that cannot.
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.Valid.AsyncAcquire;

/// <summary>An acquire that throws has acquired nothing, and nobody forgot to await it.</summary>
public sealed class Closer : IDisposable
{
    private readonly SemaphoreSlim _closing = new(1, 1);
    private bool _closed;

    public async Task CloseAsync(CancellationToken cancellation)
    {
        try
        {
            await _closing.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            _closed = true;
        }
        finally
        {
            _closing.Release();
        }
    }

    public void Dispose() => _closing.Dispose();
}

/// <summary>A try without a limit of time always succeeds.</summary>
public sealed class Index
{
    private readonly ReaderWriterLockSlim _lock = new();
    private int _version;

    public int Version
    {
        get
        {
            _lock.TryEnterReadLock(-1);
            try
            {
                return _version;
            }
            finally
            {
                _lock.ExitReadLock();
            }
        }
    }

    public void Next()
    {
        _lock.TryEnterWriteLock(Timeout.InfiniteTimeSpan);
        try
        {
            _version++;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }
}

/// <summary>Work that is set going under the lock that it needs waits for whoever set it going, who does not wait for it.</summary>
public sealed class Restarter : IDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private int _attempts;

    public async Task StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            await TryAsync();
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task TryAsync()
    {
        await Task.Yield();
        if (_attempts++ < 3)
        {
            Task ignored = StartAsync();
        }
    }

    public async Task RestartAsync()
    {
        Task started;
        await _starting.WaitAsync();
        try
        {
            started = StartAsync();
        }
        finally
        {
            _starting.Release();
        }

        await started;
    }

    public void Dispose() => _starting.Dispose();
}

/// <summary>A helper acquires, and then awaits what it is given, which releases.</summary>
public sealed class Handing : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private int _uses;

    public async Task UseAsync()
    {
        await EnterAsync(_gate, async () =>
        {
            await Task.Yield();
            _uses++;
            _gate.Release();
        });
    }

    public void Dispose() => _gate.Dispose();

    private static async Task EnterAsync(SemaphoreSlim gate, Func<Task> inside)
    {
        await gate.WaitAsync();
        await inside();
    }
}
