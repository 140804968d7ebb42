// Types that are locks of their own: one method acquires, another releases, and none does both.
using System;
using System.Collections.Concurrent;
using System.IO;
using System.Threading;

namespace Locking.Samples.Valid.LockFacade;

public sealed class Rights
{
    private readonly ReaderWriterLock _lock = new();

    public void EnterRead() => _lock.AcquireReaderLock(-1);

    public void ExitRead() => _lock.ReleaseReaderLock();

    public void EnterWrite() => _lock.AcquireWriterLock(-1);

    public void ExitWrite() => _lock.ReleaseWriterLock();
}

public static class PatientMonitor
{
    public static void Enter(object gate) => Monitor.Enter(gate);

    public static void Exit(object gate) => Monitor.Exit(gate);

    public static void Pause(object gate) => Monitor.Wait(gate);

    public static void Wake(object gate) => Monitor.PulseAll(gate);
}

public abstract class FileLock
{
    public abstract Stream? Acquire();

    public abstract void Release();
}

public sealed class MutexLock(Mutex mutex, Stream? stream) : FileLock
{
    private int _depth;

    public override Stream? Acquire()
    {
        mutex.WaitOne();
        if (stream is null)
        {
            mutex.ReleaseMutex();
            return null;
        }

        _depth++;
        return stream;
    }

    public override void Release()
    {
        if (_depth > 0)
        {
            _depth--;
            mutex.ReleaseMutex();
        }
    }
}

/// <summary>A lock for each name, looked up by both.</summary>
public sealed class NamedLocks
{
    private readonly ConcurrentDictionary<string, object> _locks = new();

    public void Enter(string name)
    {
        object gate = _locks.GetOrAdd(name, static _ => new object());
        if (!Monitor.TryEnter(gate, TimeSpan.FromSeconds(1)))
        {
            throw new TimeoutException(name);
        }
    }

    public void Exit(string name)
    {
        if (!_locks.TryGetValue(name, out object? gate))
        {
            throw new ArgumentException("No such lock", nameof(name));
        }

        Monitor.Exit(gate);
    }
}

/// <summary>A transaction keeps the lock from its beginning to its end; other operations are users of the same two helpers.</summary>
public sealed class Ledger
{
    private readonly Mutex _mutex = new();
    private volatile bool _isRunning;

    public void Begin()
    {
        Open();
        try
        {
            _isRunning = true;
        }
        catch
        {
            Close();
            throw;
        }
    }

    public void Commit()
    {
        try
        {
            _isRunning = false;
        }
        finally
        {
            Close();
        }
    }

    public bool Ask()
    {
        Open();
        try
        {
            return _isRunning;
        }
        finally
        {
            Close();
        }
    }

    private void Open() => _mutex.WaitOne();

    private void Close() => _mutex.ReleaseMutex();
}

/// <summary>One thread owns the mutex: acquire and release are work for it.</summary>
public sealed class OwnedMutex
{
    private readonly Mutex _mutex = new();
    private readonly BlockingCollection<Action> _work = new();

    public void Enter(Action entered) => _work.Add(() =>
    {
        if (_mutex.WaitOne(TimeSpan.FromSeconds(1)))
        {
            entered();
        }
    });

    public void Exit() => _work.Add(_mutex.ReleaseMutex);

    public void Run()
    {
        while (!_work.IsCompleted)
        {
            _work.Take()();
        }
    }
}

/// <summary>Helpers that run what they get once, and always: as if it stood where they are called.</summary>
public sealed class Retold
{
    private readonly object _gate = new();
    private int _told;

    public void Tell()
    {
        Logged(() => Monitor.Enter(_gate));
        try
        {
            _told++;
        }
        finally
        {
            Logged(() => Monitor.Exit(_gate));
        }
    }

    public bool TryTell()
    {
        if (!Timed(() => Monitor.TryEnter(_gate)))
        {
            return false;
        }

        try
        {
            _told++;
            return true;
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    private static void Logged(Action work)
    {
        try
        {
            work();
        }
        finally
        {
            Console.WriteLine("done");
        }
    }

    private static T Timed<T>(Func<T> work)
    {
        T result = work();
        Console.WriteLine(result);
        return result;
    }
}

/// <summary>A guard of somebody else's lock, and an instance that goes on having what it was started with: the lock is known by the field it is put in.</summary>
public sealed class Reading : IDisposable
{
    private readonly ReaderWriterLockSlim _lock;

    public Reading(ReaderWriterLockSlim archive)
    {
        _lock = archive;
        archive.EnterReadLock();
    }

    public void Dispose() => _lock.ExitReadLock();
}

public static class OnlyInstance
{
    private static Mutex? s_running;

    public static void Start(string name)
    {
        var mutex = new Mutex(initiallyOwned: false, name);
        mutex.WaitOne();
        s_running = mutex;
    }

    public static void Stop() => s_running?.ReleaseMutex();
}

/// <summary>One lock made of two: by a monitor for a thread, or by a semaphore for whoever goes on on another thread. Its release knows which it is.</summary>
public sealed class Connection
{
    private readonly EitherLock _write = new();
    private int _sent;

    public void Send()
    {
        _write.Enter(anyThread: false);
        try
        {
            _sent++;
        }
        finally
        {
            _write.Exit();
        }
    }

    private sealed class EitherLock
    {
        private readonly SemaphoreSlim _semaphore = new(1);

        private bool IsOfAnyThread => _semaphore.CurrentCount == 0;

        public void Enter(bool anyThread)
        {
            Monitor.Enter(_semaphore);
            if (anyThread || IsOfAnyThread)
            {
                _semaphore.Wait();
                if (anyThread)
                {
                    Monitor.Exit(_semaphore);
                }
                else
                {
                    _semaphore.Release();
                }
            }
        }

        public void Exit()
        {
            if (_semaphore.CurrentCount == 0)
            {
                _semaphore.Release();
            }
            else
            {
                Monitor.Exit(_semaphore);
            }
        }
    }
}

/// <summary>A helper that tries for as long as it is told, which is for ever where nobody says otherwise.</summary>
public sealed class Patient
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private int _visits;

    public void Visit()
    {
        Enter();
        try
        {
            _visits++;
        }
        finally
        {
            _one.Release();
        }
    }

    private bool Enter(int timeout = -1) => _one.Wait(timeout);
}

/// <summary>Other names for a lock that the type takes itself, too.</summary>
public class Variable
{
    private readonly Lock _gate = new();
    private int _value;

    public int Value
    {
        get
        {
            lock (_gate)
            {
                return _value;
            }
        }
    }

    protected void EnterLock() => _gate.Enter();

    protected void ExitLock() => _gate.Exit();
}

/// <summary>Whoever gets the mutex back has it.</summary>
public static class Mutexes
{
    public static Mutex Wait(Mutex mutex, Func<Mutex> another)
    {
        try
        {
            mutex.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            mutex.ReleaseMutex();
            mutex = another();
            mutex.WaitOne();
        }

        return mutex;
    }
}
