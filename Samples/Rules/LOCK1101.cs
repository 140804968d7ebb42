// A field that is locked nearly everywhere is locked everywhere.
using System.Threading;

namespace Locking.Samples.LOCK1101;

public sealed class Visitors
{
    private readonly Lock _gate = new();
    private int _inside;

    public void Enter()
    {
        lock (_gate)
        {
            _inside++;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            _inside--;
        }
    }

    public void Reset() => _inside = 0; // LOCK1101

    public void ResetSafely()
    {
        lock (_gate)
        {
            _inside = 0;
        }
    }
}
