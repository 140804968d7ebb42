// Step 4: readers only read; who finds nothing puts a promise there and keeps it without any lock. Each price is loaded once, and nobody waits but for his own.
using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Locking.Samples.PriceCache.Step4;

public sealed class Cache(Func<string, Task<decimal>> load)
{
    // The library's own: guards end with their block, and at run time the validator watches.
    private readonly RwSemaphore _gate = new();

    [ContentsGuardedBy(nameof(_gate))]
    private readonly Dictionary<string, Lazy<Task<decimal>>> _prices = [];

    public Task<decimal> FindAsync(string article) => (TryFind(article) ?? Promise(article)).Value;

    private Lazy<Task<decimal>>? TryFind(string article)
    {
        using (_gate.EnterRead())
        {
            return _prices.GetValueOrDefault(article);
        }
    }

    /// <summary>The promise of whoever came first.</summary>
    private Lazy<Task<decimal>> Promise(string article)
    {
        var promise = new Lazy<Task<decimal>>(() => load(article));
        using (_gate.EnterWrite())
        {
            return _prices.TryAdd(article, promise) ? promise : _prices[article];
        }
    }
}
