// Types that are locks of their own: one method acquires, another releases, and none does both.
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
