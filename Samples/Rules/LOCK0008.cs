// What other projects have to know of a cache: which locks it acquires, and that it waits.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.LOCK0008;

public sealed class Silent
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _sizes = new();

    public int Count
    {
        get // LOCK0008
        {
            lock (_gate)
            {
                return _sizes.Count;
            }
        }
    }

    public void Add(string name, int size) // LOCK0008
    {
        lock (_gate)
        {
            _sizes[name] = size;
        }
    }

    public void Flush() // LOCK0008
    {
        Thread.Sleep(10);
        Clear();
    }

    internal void Clear()
    {
        lock (_gate)
        {
            _sizes.Clear();
        }
    }
}

public sealed class Spoken
{
    [LockClass("samples.sizes")]
    private readonly Lock _gate = new();

    private readonly Dictionary<string, int> _sizes = new();

    [AcquiresInside("class:samples.sizes")]
    public void Add(string name, int size)
    {
        lock (_gate)
        {
            _sizes[name] = size;
        }
    }

    [AcquiresInside("class:samples.sizes")]
    [MayBlock]
    public void Flush()
    {
        Thread.Sleep(10);
        lock (_gate)
        {
            _sizes.Clear();
        }
    }
}
