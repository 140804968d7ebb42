// A reference to guarded data stays inside the lock.
using System.Threading;

namespace Locking.Samples.LOCK1007;

public sealed class Histogram
{
    private readonly Lock _gate = new();

    [GuardedBy(nameof(_gate))]
    private int _total;

    public ref int Total => ref _total; // LOCK1007

    public void Count() => Increment(ref _total); // LOCK1007

    public void CountSafely()
    {
        lock (_gate)
        {
            Increment(ref _total);
        }
    }

    private static void Increment(ref int number) => number++;
}
