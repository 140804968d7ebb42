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

/// <summary>Who is passed a lock may acquire it for its caller: half of the members lock by a scope, and half by hand.</summary>
public sealed class Directory
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly Dictionary<string, int> _entries = new();

    public void Add(string name)
    {
        using (_lock.Write())
        {
            Set(name, 1);
        }
    }

    public void Remove(string name)
    {
        _lock.EnterWriteLock();
        try
        {
            Set(name, 0);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    private void Set(string name, int value) => _entries[name] = value;
}

internal static class LockExtensions
{
    public static WriteScope Write(this ReaderWriterLockSlim @lock) => new(@lock);
}

internal readonly struct WriteScope : IDisposable
{
    private readonly ReaderWriterLockSlim _lock;

    public WriteScope(ReaderWriterLockSlim @lock)
    {
        _lock = @lock;
        @lock.EnterWriteLock();
    }

    public void Dispose() => _lock.ExitWriteLock();
}
