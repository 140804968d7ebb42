// Guarded data is read under its lock, in any mode.
using System.Threading;

namespace Locking.Samples.LOCK1002;

public sealed class Thermometer
{
    private readonly ReaderWriterLockSlim _gate = new();

    [GuardedBy(nameof(_gate))]
    private double _celsius;

    [GuardedBy(nameof(_gate))]
    private double _fahrenheit;

    public (double, double) Show() => (_celsius, _fahrenheit); // LOCK1002

    public (double, double) ShowSafely()
    {
        _gate.EnterReadLock();
        try
        {
            return (_celsius, _fahrenheit);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    public void Set(double celsius)
    {
        _gate.EnterWriteLock();
        try
        {
            _celsius = celsius;
            _fahrenheit = (celsius * 9 / 5) + 32;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }
}
