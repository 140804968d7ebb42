// A suppression that outlived its reason hides the next mistake.
using System.Threading;

namespace Locking.Samples.LOCK0004;

public sealed class Progress
{
    private readonly Lock _gate = new();

    [GuardedBy(nameof(_gate))] // LOCK0004
    private readonly int _steps = 100;

    [GuardedBy(nameof(_gate))]
    private int _done;

    [Unguarded("the lock is taken care of elsewhere")] // LOCK0004
    private readonly Lock _other = new();

    [Requires(nameof(_gate)), Requires(nameof(_gate))] // LOCK0004
    public int Rest() => _steps - _done;

    [NoThreadSafetyAnalysis("a stale value is good enough")] // LOCK0004
    public static int Half(int number) => number / 2;

    [NoThreadSafetyAnalysis("a stale value is good enough for a progress bar")]
    public int Done() => _done;

    public bool IsLocked() => _other.IsHeldByCurrentThread;
}
