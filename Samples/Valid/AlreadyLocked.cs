// Helpers that are told by a parameter whether their caller holds the lock, or whether they may wait asynchronously.
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.Valid.AlreadyLocked;

/// <summary>The flag decides whether the helper acquires: the call under the lock does not.</summary>
public sealed class Topology
{
    private readonly SemaphoreSlim _entities = new(1, 1);
    private int _count;

    public async Task DeleteAsync(string name, bool isHeld, CancellationToken cancellation)
    {
        if (isHeld)
        {
            await DeleteLockedAsync().ConfigureAwait(false);
            return;
        }

        await _entities.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await DeleteLockedAsync().ConfigureAwait(false);
        }
        finally
        {
            _entities.Release();
        }

        async Task DeleteLockedAsync()
        {
            _count--;
            await RecordAsync(name, isHeld: true, cancellation).ConfigureAwait(false);
        }
    }

    private async Task RecordAsync(string name, bool isHeld, CancellationToken cancellation)
    {
        if (isHeld)
        {
            _count += name.Length;
            return;
        }

        await _entities.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            _count += name.Length;
        }
        finally
        {
            _entities.Release();
        }
    }
}

/// <summary>One body for both worlds: told not to be asynchronous, it awaits nothing, and its task is complete.</summary>
public sealed class Writer
{
    private readonly object _gate = new();
    private readonly Stream _stream = Stream.Null;

    public void Close()
    {
        lock (_gate)
        {
            FlushTwice(async: false).GetAwaiter().GetResult();
            Flush(async: false).Wait();
        }
    }

    private async Task FlushTwice(bool async)
    {
        await Flush(async).ConfigureAwait(false);
        await Flush(async).ConfigureAwait(false);
    }

    private async Task Flush(bool async)
    {
        if (async)
        {
            await _stream.FlushAsync().ConfigureAwait(false);
        }
        else
        {
            _stream.Flush();
        }
    }
}

/// <summary>A task whose status says that it has ended has its result.</summary>
public sealed class Sink
{
    private readonly object _gate = new();
    private int _last;

    public int Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    public void OnCompleted(Task<int> task)
    {
        switch (task.Status)
        {
            case TaskStatus.RanToCompletion:
                lock (_gate)
                {
                    _last = task.Result;
                }

                break;
        }
    }
}

/// <summary>A helper asks the lock itself, and a cleanup gives up what it finds to be held.</summary>
public sealed class Ledger
{
    private readonly ReaderWriterLockSlim _lock = new();
    private int _total;

    public void Book(int amount)
    {
        _lock.EnterWriteLock();
        try
        {
            Add(amount);
        }
        finally
        {
            Leave();
        }
    }

    public void Adjust() => Add(1);

    private void Add(int amount)
    {
        bool isMine = !_lock.IsWriteLockHeld;
        if (isMine)
        {
            _lock.EnterWriteLock();
        }

        try
        {
            _total += amount;
        }
        finally
        {
            if (isMine)
            {
                _lock.ExitWriteLock();
            }
        }
    }

    private void Leave()
    {
        if (_lock.IsWriteLockHeld)
        {
            _lock.ExitWriteLock();
        }
    }
}

/// <summary>A helper asks in which mode the lock is held, and gives it up in that.</summary>
public sealed class Shelf
{
    private readonly ReaderWriterLockSlim _lock = new(LockRecursionPolicy.SupportsRecursion);
    private int _books;

    public int Count()
    {
        _lock.EnterReadLock();
        try
        {
            return _books;
        }
        finally
        {
            Leave();
        }
    }

    public void Put()
    {
        _lock.EnterWriteLock();
        try
        {
            _books++;
        }
        finally
        {
            Leave();
        }
    }

    public void Fill()
    {
        _lock.EnterUpgradeableReadLock();
        try
        {
            if (_books == 0)
            {
                Put();
            }
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (_lock.IsUpgradeableReadLockHeld && !_lock.IsWriteLockHeld)
        {
            _lock.ExitUpgradeableReadLock();
        }
        else if (_lock.IsWriteLockHeld)
        {
            _lock.ExitWriteLock();
        }
        else if (_lock.IsReadLockHeld)
        {
            _lock.ExitReadLock();
        }
    }
}

/// <summary>Whoever has set a result, or was told that another has, does not wait for it.</summary>
public sealed class Answer
{
    private readonly object _gate = new();
    private int _last;

    public int Give(TaskCompletionSource<int> source, int value)
    {
        lock (_gate)
        {
            source.TrySetResult(value);
            _last = source.Task.Result;
            return _last;
        }
    }
}
