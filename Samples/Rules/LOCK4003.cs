// Code of somebody else that is called under a lock.
using System;
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.LOCK4003;

public sealed class Inventory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _stock = [];

    public event Action<string>? SoldOut;

    public void Sell(string item)
    {
        lock (_gate)
        {
            int left = _stock.GetValueOrDefault(item) - 1;
            _stock[item] = left;
            if (left == 0)
            {
                SoldOut?.Invoke(item); // LOCK4003
            }
        }
    }

    public int Count(Func<string, bool> matches)
    {
        int count = 0;
        lock (_gate)
        {
            foreach (string item in _stock.Keys)
            {
                count += matches(item) ? 1 : 0; // LOCK4003
            }
        }

        return count;
    }

    /// <summary>Right: decided under the lock, told without it.</summary>
    public void SellThenTell(string item)
    {
        bool isLast;
        lock (_gate)
        {
            int left = _stock.GetValueOrDefault(item) - 1;
            _stock[item] = left;
            isLast = left == 0;
        }

        if (isLast)
        {
            SoldOut?.Invoke(item);
        }
    }
}
