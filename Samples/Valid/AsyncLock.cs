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
