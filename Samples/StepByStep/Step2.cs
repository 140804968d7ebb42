// Step 2: the lock is private, and contracts say what it guards. Now every access is checked, not only what the majority gives away.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.StepByStep.Step2;

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

    /// <summary>Was always wrong, but read too seldom for anyone to see.</summary>
    public int Articles => _stock.Count; // LOCK1004

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

    public void Correct(int count) => _total += count; // LOCK1001

    /// <summary>Every caller holds the lock, which is good enough for a private method; step 3 says so, for those that come later.</summary>
    private void Book(string article, int count)
    {
        _stock[article] = _stock.GetValueOrDefault(article) + count;
        _total += count;
    }
}
