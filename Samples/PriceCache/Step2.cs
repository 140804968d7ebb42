// Step 2: so the write gets the lock for writers, while the reader still holds the other one. Two of them wait for each other for ever.
using System;
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.PriceCache.Step2;

public sealed class Cache(Func<string, decimal> load)
{
    private readonly ReaderWriterLockSlim _gate = new();

    [ContentsGuardedBy(nameof(_gate))]
    private readonly Dictionary<string, decimal> _prices = [];

    public decimal Find(string article)
    {
        _gate.EnterReadLock();
        try
        {
            if (!_prices.TryGetValue(article, out decimal price))
            {
                price = load(article);
                _gate.EnterWriteLock(); // LOCK2010
                try
                {
                    _prices[article] = price;
                }
                finally
                {
                    _gate.ExitWriteLock();
                }
            }

            return price;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }
}
