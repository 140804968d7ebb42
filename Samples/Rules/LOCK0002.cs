// No caller and no body can keep contracts that contradict each other.
using System.Threading;

namespace Locking.Samples.LOCK0002;

public sealed class Ledger
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    [GuardedBy(nameof(_gate))]
    private decimal _sum;

    [Requires(nameof(_gate)), Excludes(nameof(_gate))] // LOCK0002
    public void Post(decimal amount) => _sum += amount;

    [Requires(nameof(_gate))]
    public void Add(decimal amount) => _sum += amount;

    [Excludes(nameof(_gate))]
    public void AddLocked(decimal amount)
    {
        _gate.Wait();
        try
        {
            Add(amount);
        }
        finally
        {
            _gate.Release();
        }
    }
}
