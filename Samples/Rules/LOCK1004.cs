// The reference may be read freely, what it points to may not.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.LOCK1004;

public sealed class Orders
{
    private readonly Lock _gate = new();

    [ContentsGuardedBy(nameof(_gate))]
    private readonly List<string> _orders = new();

    public int Count => _orders.Count; // LOCK1004

    public IEnumerable<string> All()
    {
        List<string> orders;
        lock (_gate)
        {
            orders = _orders;
        }

        return orders.ToArray(); // LOCK1004
    }

    public string[] Snapshot()
    {
        lock (_gate)
        {
            return _orders.ToArray();
        }
    }

    public void Add(string order)
    {
        lock (_gate)
        {
            _orders.Add(order);
        }
    }
}
