// A lock that one function acquires and another releases, later: a releaser that is returned, work that goes on.
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.Valid.HandedOver;

public sealed class Turnstile
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public IDisposable Enter()
    {
        _turn.Wait();
        return new Leaver(() => _turn.Release());
    }

    public async Task<IDisposable> EnterAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        return new Leaver(() => _turn.Release());
    }

    public async Task StartAsync(Func<Task> work)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _ = Task.Run(async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        });
    }

    public async Task StartOrStayAsync(Action work, bool isOpen)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        if (!isOpen)
        {
            _turn.Release();
            return;
        }

        bool isSent = false;
        try
        {
            _ = Task.Run(() =>
            {
                try
                {
                    work();
                }
                finally
                {
                    _turn.Release();
                }
            });
            isSent = true;
        }
        finally
        {
            if (!isSent)
            {
                _turn.Release();
            }
        }
    }

    private sealed class Leaver(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}

/// <summary>The lock is the caller's: it is given up for a moment, and taken back.</summary>
public sealed class Mailbox(object sync)
{
    private int _letters;

    public bool Look(int timeout)
    {
        if (timeout == 0)
        {
            Monitor.Exit(sync);
            Monitor.Enter(sync);
        }
        else
        {
            while (_letters == 0)
            {
                Monitor.Wait(sync, timeout);
            }
        }

        return _letters > 0;
    }

    public void Drop()
    {
        lock (sync)
        {
            _letters++;
            Monitor.PulseAll(sync);
        }
    }
}

/// <summary>The releaser comes back through a parameter, and says itself how to release: shared or exclusively.</summary>
public sealed class Register
{
    private readonly ReaderWriterLock _gate = new();
    private int _entries;

    public int Count()
    {
        Holder? holder = null;
        try
        {
            Holder.Acquire(out holder, _gate);
            return _entries;
        }
        finally
        {
            Holder.Release(holder);
        }
    }

    public void Add()
    {
        Holder? holder = null;
        try
        {
            Holder.Acquire(out holder, _gate, forWriting: true);
            _entries++;
        }
        finally
        {
            if (holder is not null)
            {
                Holder.Release(holder);
            }
        }
    }

    private sealed class Holder
    {
        private readonly ReaderWriterLock _held;
        private readonly bool _forWriting;

        private Holder(ReaderWriterLock held, bool forWriting)
        {
            _held = held;
            _forWriting = forWriting;
        }

        public static void Acquire(out Holder holder, ReaderWriterLock gate) => Acquire(out holder, gate, false);

        public static void Acquire(out Holder holder, ReaderWriterLock gate, bool forWriting)
        {
            var made = new Holder(gate, forWriting);
            if (forWriting)
            {
                gate.AcquireWriterLock(Timeout.Infinite);
            }
            else
            {
                gate.AcquireReaderLock(Timeout.Infinite);
            }

            holder = made;
        }

        public static void Release(Holder? holder)
        {
            if (holder is null)
            {
                return;
            }

            if (holder._forWriting)
            {
                holder._held.ReleaseWriterLock();
            }
            else
            {
                holder._held.ReleaseReaderLock();
            }
        }
    }
}

/// <summary>Disposed of as the interface says, and not otherwise.</summary>
public sealed class Routes
{
    private readonly ReaderWriterLockSlim _rw = new();
    private int _count;

    public IDisposable EnterRead()
    {
        _rw.EnterReadLock();
        return new Reader(_rw);
    }

    public int Count()
    {
        using (EnterRead())
        {
            return _count;
        }
    }

    public void Add()
    {
        _rw.EnterWriteLock();
        try
        {
            _count++;
        }
        finally
        {
            _rw.ExitWriteLock();
        }
    }

    private sealed class Reader(ReaderWriterLockSlim rw) : IDisposable
    {
        void IDisposable.Dispose() => rw.ExitReadLock();
    }
}

/// <summary>Another type makes the mutex, acquires it, and puts it into the variable.</summary>
public sealed class Journal
{
    private int _lines;

    public void Write(string name)
    {
        Mutex? mutex = null;
        try
        {
            Mutexes.Enter(name, ref mutex);
            _lines++;
        }
        finally
        {
            if (mutex is not null)
            {
                mutex.ReleaseMutex();
                mutex.Close();
            }
        }
    }
}

public static class Mutexes
{
    public static void Enter(string name, ref Mutex? mutex)
    {
        var made = new Mutex(false, name);
        made.WaitOne();
        mutex = made;
    }
}

/// <summary>However often it is disposed of, it releases once: it takes the lock out of its field.</summary>
public sealed class Exclusive
{
    private readonly object _gate = new();
    private int _uses;

    public void Use()
    {
        using (Enter())
        {
            _uses++;
        }
    }

    public IDisposable Enter()
    {
        Monitor.Enter(_gate);
        return new Leaver(_gate);
    }

    private sealed class Leaver : IDisposable
    {
        private object? _kept;

        public Leaver(object kept)
        {
            _kept = kept;
        }

        public void Dispose()
        {
            object? kept = Interlocked.Exchange(ref _kept, null);
            if (kept != null)
            {
                Monitor.Exit(kept);
            }
        }
    }
}
