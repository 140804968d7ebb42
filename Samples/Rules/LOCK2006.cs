// A lock is released in the mode that it was acquired in.
using System.Threading;

namespace Locking.Samples.LOCK2006;

public sealed class Index
{
    private readonly ReaderWriterLockSlim _gate = new();
    private int _version;

    public int Read()
    {
        _gate.EnterReadLock();
        try
        {
            return _version;
        }
        finally
        {
            _gate.ExitWriteLock(); // LOCK2006
        }
    }

    public int ReadSafely()
    {
        _gate.EnterReadLock();
        try
        {
            return _version;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    public void Write()
    {
        _gate.EnterWriteLock();
        try
        {
            _version++;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }
}
