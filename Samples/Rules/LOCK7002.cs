// A lock that is exchanged while others hold it.
using System.Collections.Generic;

namespace Locking.Samples.LOCK7002;

public sealed class Batches
{
    private readonly object _gate = new();
    private List<int> _rows = [];

    public void Add(int row)
    {
        lock (_rows) // LOCK7002
        {
            _rows.Add(row);
        }
    }

    public List<int> Swap()
    {
        List<int> rows = _rows;
        _rows = [];
        return rows;
    }

    public int Tick()
    {
        lock (_gate)
        {
            return 1;
        }
    }
}
