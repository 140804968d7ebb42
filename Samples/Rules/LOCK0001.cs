// A contract names the lock by a name that exists: nameof keeps it right.
using System.Threading;

namespace Locking.Samples.LOCK0001;

public sealed class Inventory
{
    private readonly Lock _gate = new();

    [GuardedBy("_gat")] // LOCK0001
    private int _reserved;

    [Requires("amount")] // LOCK0001
    public void Reserve(int amount) => _reserved += amount;

    [GuardedBy(nameof(_gate))]
    private int _stock;

    [Requires(nameof(_gate))]
    public void Take(int amount) => _stock -= amount;
}
