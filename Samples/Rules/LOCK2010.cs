// A reader does not become a writer while it reads.
using System.Threading;

namespace Locking.Samples.LOCK2010;

public sealed class Registry
{
    private readonly ReaderWriterLockSlim _gate = new();
    private string? _value;

    public string Value()
    {
        _gate.EnterReadLock();
        try
        {
            if (_value is null)
            {
                _gate.EnterWriteLock(); // LOCK2010
                _value = "made";
                _gate.ExitWriteLock();
            }

            return _value;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    public string ValueSafely()
    {
        _gate.EnterUpgradeableReadLock();
        try
        {
            if (_value is null)
            {
                _gate.EnterWriteLock();
                _value = "made";
                _gate.ExitWriteLock();
            }

            return _value;
        }
        finally
        {
            _gate.ExitUpgradeableReadLock();
        }
    }
}
