// Sequences that do their work later, gone through before the lock is given up.
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Locking.Samples.Valid.LazySequences;

internal sealed class Orders
{
    private readonly Lock _gate = new();
    private readonly List<int> _prices = new();
    private readonly IDictionary<int, string> _names = new ConcurrentDictionary<int, string>();

    public void Add(int price, string name)
    {
        lock (_gate)
        {
            _prices.Add(price);
            _names[price] = name;
        }
    }

    public void Remove(int price)
    {
        lock (_gate)
        {
            _prices.Remove(price);
            _names.Remove(price);
        }
    }

    public string? NameOf(int price) => _names.TryGetValue(price, out string? name) ? name : null;

    public IReadOnlyList<int> High()
    {
        lock (_gate)
        {
            return _prices.Where(p => p > 100).ToList();
        }
    }

    public int SumOfLow()
    {
        lock (_gate)
        {
            return Low().Sum();
        }
    }

    public List<int> TwoLows()
    {
        var lows = new List<int>();
        lock (_gate)
        {
            foreach (int low in Low().Take(2))
            {
                lows.Add(low);
            }
        }

        return lows;
    }

    public bool IsLow(int price)
    {
        lock (_gate)
        {
            return LowOf(price).Any();
        }
    }

    private IEnumerable<int> Low()
    {
        foreach (int price in _prices)
        {
            if (price < 10)
            {
                yield return price;
            }
        }
    }

    private IEnumerable<int> LowOf(int price) => Low().Where(p => p == price);
}
