// Step 3: an upgradeable reader may become a writer. There is only one of them at a time, and it waits for the network while it holds the lock.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.PriceCache.Step3;

public sealed class Cache(Func<string, Task<decimal>> load)
{
    private readonly ReaderWriterLockSlim _gate = new();

    [ContentsGuardedBy(nameof(_gate))]
    private readonly Dictionary<string, decimal> _prices = [];

    public decimal Find(string article)
    {
        _gate.EnterUpgradeableReadLock();
        try
        {
            if (!_prices.TryGetValue(article, out decimal price))
            {
                price = load(article).Result; // LOCK4002
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

            return price;
        }
        finally
        {
            _gate.ExitUpgradeableReadLock();
        }
    }
}
