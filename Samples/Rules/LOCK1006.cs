// A member that locks for itself is not called by a holder of the lock.
using System.Threading;

namespace Locking.Samples.LOCK1006;

public sealed class Printer
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    [GuardedBy(nameof(_gate))]
    private int _pages;

    public void PrintTwice()
    {
        _gate.Wait();
        try
        {
            Print(); // LOCK1006
            Print(); // LOCK1006
        }
        finally
        {
            _gate.Release();
        }
    }

    [Excludes(nameof(_gate))]
    public void Print()
    {
        _gate.Wait();
        try
        {
            PrintLocked();
        }
        finally
        {
            _gate.Release();
        }
    }

    [Requires(nameof(_gate))]
    private void PrintLocked() => _pages++;
}
