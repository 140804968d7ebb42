// Step 1: a class as it was found. Nobody wrote a contract; most of its code locks, some does not.
using System.Collections.Generic;

namespace Locking.Samples.StepByStep.Step1;

public sealed class Warehouse
{
    private readonly Dictionary<string, int> _stock = [];
    private int _total;

    /// <summary>How many articles there are.</summary>
    public int Total
    {
        get
        {
            lock (this) // LOCK7001
            {
                return _total;
            }
        }
    }

    public void Add(string article, int count)
    {
        lock (this) // LOCK7001
        {
            _stock[article] = _stock.GetValueOrDefault(article) + count;
            _total += count;
        }
    }

    public bool Take(string article, int count)
    {
        lock (this) // LOCK7001
        {
            if (_stock.GetValueOrDefault(article) < count)
            {
                return false;
            }

            _stock[article] -= count;
            _total -= count;
            return true;
        }
    }

    /// <summary>For articles that nobody counted before.</summary>
    public void Correct(int count) => _total += count; // LOCK1101
}
