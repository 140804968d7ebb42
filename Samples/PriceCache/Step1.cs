// Step 1: the cache fills itself under the lock for readers, as caches like to do.
using System;
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.PriceCache.Step1;

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
                _prices[article] = price; // LOCK1003
            }

            return price;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }
}
