// An iterator that hands out its elements under a lock.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.LOCK4005;

public sealed class Registry
{
    private readonly object _gate = new();
    private readonly List<string> _names = [];

    public IEnumerable<string> NamesUnderTheLock()
    {
        lock (_gate)
        {
            foreach (string name in _names)
            {
                yield return name; // LOCK4005
            }
        }
    }

    /// <summary>Right: handed out is a copy.</summary>
    public IEnumerable<string> Names()
    {
        string[] names;
        lock (_gate)
        {
            names = [.. _names];
        }

        foreach (string name in names)
        {
            yield return name;
        }
    }

    public void Add(string name)
    {
        lock (_gate)
        {
            _names.Add(name);
        }
    }
}
