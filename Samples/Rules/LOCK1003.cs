// A shared holder reads; only an exclusive one writes.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.LOCK1003;

public sealed class Prices
{
    private readonly ReaderWriterLockSlim _gate = new();

    [GuardedBy(nameof(_gate)), ContentsGuardedBy(nameof(_gate))]
    private Dictionary<string, decimal> _prices = new();

    public decimal Find(string article)
    {
        _gate.EnterReadLock();
        try
        {
            if (!_prices.TryGetValue(article, out decimal price))
            {
                _prices[article] = price = 1; // LOCK1003
            }

            return price;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    public void Set(string article, decimal price)
    {
        _gate.EnterWriteLock();
        try
        {
            _prices[article] = price;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }
}
