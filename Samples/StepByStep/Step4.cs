// Step 4: proven. No access is forgotten, and none can be forgotten tomorrow.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.StepByStep.Step4;

public sealed class Warehouse
{
    private readonly Lock _gate = new();

    [ContentsGuardedBy(nameof(_gate))]
    private readonly Dictionary<string, int> _stock = [];

    [GuardedBy(nameof(_gate))]
    private int _total;

    public int Total
    {
        get
        {
            lock (_gate)
            {
                return _total;
            }
        }
    }

    public int Articles
    {
        get
        {
            lock (_gate)
            {
                return _stock.Count;
            }
        }
    }

    public void Add(string article, int count)
    {
        lock (_gate)
        {
            Book(article, count);
        }
    }

    public bool Take(string article, int count)
    {
        lock (_gate)
        {
            if (_stock.GetValueOrDefault(article) < count)
            {
                return false;
            }

            Book(article, -count);
            return true;
        }
    }

    public void Correct(int count)
    {
        lock (_gate)
        {
            _total += count;
        }
    }

    [Requires(nameof(_gate))]
    private void Book(string article, int count)
    {
        _stock[article] = _stock.GetValueOrDefault(article) + count;
        _total += count;
    }
}
