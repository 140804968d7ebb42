// Who calls a member that requires a lock holds it.
using System.Threading;

namespace Locking.Samples.LOCK1005;

public sealed class Queue
{
    private readonly Lock _gate = new();

    [GuardedBy(nameof(_gate))]
    private int _length;

    public void Reset() => Clear(); // LOCK1005

    [Requires(nameof(_gate))]
    private void Clear() => _length = 0;

    public void ResetSafely()
    {
        lock (_gate)
        {
            Clear();
        }
    }

    [Requires(nameof(_gate))]
    private void Grow() => _length++;
}
