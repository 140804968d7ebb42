// Structs that release a reader/writer lock, over whatever lock they are asked for.
using System;
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.Valid.LockScopes;

public static class LockScopes
{
    public static ReadScope Reading(this ReaderWriterLockSlim @lock)
    {
        @lock.EnterReadLock();
        return new ReadScope(@lock);
    }

    public static IDisposable Writing(this ReaderWriterLockSlim @lock)
    {
        @lock.EnterWriteLock();
        return new WriteScope(@lock);
    }

    public readonly struct ReadScope : IDisposable
    {
        private readonly ReaderWriterLockSlim _lock;

        public ReadScope(ReaderWriterLockSlim @lock) => _lock = @lock;

        public void Dispose() => _lock.ExitReadLock();
    }

    private readonly struct WriteScope : IDisposable
    {
        private readonly ReaderWriterLockSlim _lock;

        public WriteScope(ReaderWriterLockSlim @lock) => _lock = @lock;

        public void Dispose() => _lock.ExitWriteLock();
    }
}

public sealed class Prices
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly Dictionary<string, decimal> _prices = new();

    public void Set(string name, decimal price)
    {
        using (_lock.Writing())
        {
            _prices[name] = price;
        }
    }

    public decimal Of(string name)
    {
        using LockScopes.ReadScope reading = _lock.Reading();
        return _prices[name];
    }
}
