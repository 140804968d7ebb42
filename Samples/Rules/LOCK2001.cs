// What a method acquires it releases on every path.
using System.Threading;

namespace Locking.Samples.LOCK2001;

public sealed class Counter
{
    private readonly object _gate = new();

    [GuardedBy(nameof(_gate))]
    private int _count;

    public bool Add(int limit)
    {
        Monitor.Enter(_gate); // LOCK2001
        if (_count >= limit)
        {
            return false;
        }

        _count++;
        Monitor.Exit(_gate);
        return true;
    }

    public bool AddSafely(int limit)
    {
        lock (_gate)
        {
            if (_count >= limit)
            {
                return false;
            }

            _count++;
            return true;
        }
    }
}
