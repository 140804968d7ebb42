// An object that is nothing but a lock, where the framework has a type for it.
using System.Threading;

namespace Locking.Samples.LOCK7006;

public sealed class Numbers
{
    private readonly object _gate = new(); // LOCK7006
    private readonly Lock _lock = new();
    private int _next;

    public int Next()
    {
        lock (_gate)
        {
            return ++_next;
        }
    }

    public bool IsBusy() => _lock.IsHeldByCurrentThread;
}
