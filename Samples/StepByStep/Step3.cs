// Step 3: the places of step 2 are locked. What leaves the lock to its callers says so, and one caller turns out to have forgotten it.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.StepByStep.Step3;

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
        }

        // The lock was given up in between: two threads can take the last one.
        Book(article, -count); // LOCK1005
        return true;
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
