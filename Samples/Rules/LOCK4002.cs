// Waiting for something else while everybody waits for the lock.
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Samples.LOCK4002;

public sealed class Prices
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, decimal> _known = [];

    public decimal Get(string name)
    {
        lock (_gate)
        {
            if (!_known.TryGetValue(name, out decimal price))
            {
                price = Fetch(name).Result; // LOCK4002
                _known[name] = price;
            }

            return price;
        }
    }

    public void Refresh(string name)
    {
        lock (_gate)
        {
            Throttle(); // LOCK4002
            _known.Remove(name);
        }
    }

    /// <summary>Right: looked up under the lock, fetched without it, stored under it.</summary>
    public async Task<decimal> GetAsync(string name)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(name, out decimal known))
            {
                return known;
            }
        }

        decimal price = await Fetch(name);
        lock (_gate)
        {
            _known[name] = price;
        }

        return price;
    }

    /// <summary>Right: the task has completed, so that nothing waits.</summary>
    public void Store(string name, Task<decimal> price)
    {
        lock (_gate)
        {
            if (price.IsCompletedSuccessfully)
            {
                _known[name] = price.Result;
            }
        }
    }

    private static void Throttle() => Thread.Sleep(100);

    private static async Task<decimal> Fetch(string name)
    {
        await Task.Delay(10);
        return name.Length;
    }
}
