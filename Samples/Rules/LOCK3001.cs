// Locks that are acquired in one order here and in another order there.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.LOCK3001;

/// <summary>Two threads, one in each method: each holds what the other waits for.</summary>
public sealed class Bank
{
    private readonly Lock _accounts = new();
    private readonly Lock _audit = new();
    private readonly Dictionary<int, decimal> _balances = [];
    private readonly List<string> _entries = [];

    public void Pay(int from, int to, decimal amount)
    {
        lock (_accounts)
        {
            _balances[from] = _balances.GetValueOrDefault(from) - amount;
            _balances[to] = _balances.GetValueOrDefault(to) + amount;
            lock (_audit) // LOCK3001
            {
                _entries.Add($"{from} pays {to}");
            }
        }
    }

    public string Report()
    {
        lock (_audit)
        {
            return $"{_entries.Count} entries, {CountAccounts()} accounts"; // LOCK3001
        }
    }

    private int CountAccounts()
    {
        lock (_accounts)
        {
            return _balances.Count;
        }
    }
}

/// <summary>One order everywhere: accounts before audit, or one after the other.</summary>
public sealed class OrderedBank
{
    private readonly Lock _accounts = new();
    private readonly Lock _audit = new();
    private readonly Dictionary<int, decimal> _balances = [];
    private readonly List<string> _entries = [];

    public void Pay(int from, int to, decimal amount)
    {
        lock (_accounts)
        {
            _balances[from] = _balances.GetValueOrDefault(from) - amount;
            _balances[to] = _balances.GetValueOrDefault(to) + amount;
            lock (_audit)
            {
                _entries.Add($"{from} pays {to}");
            }
        }
    }

    public string Report()
    {
        int accounts;
        lock (_accounts)
        {
            accounts = _balances.Count;
        }

        lock (_audit)
        {
            return $"{_entries.Count} entries, {accounts} accounts";
        }
    }
}

/// <summary>Two classes that call each other under their own locks.</summary>
public sealed class Cache(Store store)
{
    private readonly Lock _entries = new();
    private readonly Dictionary<int, int> _pages = [];

    public int Load(int page)
    {
        lock (_entries)
        {
            return _pages[page] = store.Read(page); // LOCK3001
        }
    }

    public void Evict()
    {
        lock (_entries)
        {
            _pages.Clear();
        }
    }
}

/// <summary>The other half: shrinking calls back into the cache.</summary>
public sealed class Store
{
    private readonly Lock _pages = new();
    private readonly List<Cache> _caches = [];

    public void Attach(Cache cache)
    {
        lock (_pages)
        {
            _caches.Add(cache);
        }
    }

    public int Read(int page)
    {
        lock (_pages)
        {
            return page * 2;
        }
    }

    public void Shrink()
    {
        lock (_pages)
        {
            foreach (Cache cache in _caches)
            {
                cache.Evict(); // LOCK3001
            }
        }
    }

    /// <summary>Right: copied under the lock, called without it.</summary>
    public void ShrinkOutside()
    {
        Cache[] caches;
        lock (_pages)
        {
            caches = [.. _caches];
        }

        foreach (Cache cache in caches)
        {
            cache.Evict();
        }
    }
}

/// <summary>An event that is raised under a lock brings whatever its handlers lock.</summary>
public sealed class Shelf
{
    private readonly Lock _items = new();
    private int _count;

    public event System.Action? Changed;

    public int Count
    {
        get
        {
            lock (_items)
            {
                return _count;
            }
        }
    }

    public void Put()
    {
        lock (_items)
        {
            _count++;
            Changed?.Invoke(); // LOCK3001
        }
    }

    /// <summary>Right: told when the lock has been released.</summary>
    public void PutThenTell()
    {
        lock (_items)
        {
            _count++;
        }

        Changed?.Invoke();
    }
}

public sealed class Display
{
    private readonly Lock _screen = new();
    private readonly Shelf _shelf;

    public Display(Shelf shelf)
    {
        _shelf = shelf;
        _shelf.Changed += Clear;
    }

    public int Shown { get; private set; }

    public void Show()
    {
        lock (_screen)
        {
            Shown = _shelf.Count; // LOCK3001
        }
    }

    private void Clear()
    {
        lock (_screen)
        {
            Shown = 0;
        }
    }
}
