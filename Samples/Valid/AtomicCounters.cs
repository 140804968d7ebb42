// A counter that a helper counts, by reference, and by Interlocked alone.
using System;
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.Valid.AtomicCounters;

internal sealed class Store
{
    private readonly object _gate = new();
    private readonly List<int> _sizes = new();
    private long _size;

    public void Put(int size)
    {
        lock (_gate)
        {
            _sizes.Add(size);
            Count(ref _size, size);
        }
    }

    public void Trim()
    {
        lock (_gate)
        {
            Count(ref _size, -_sizes[0]);
            _sizes.RemoveAt(0);
        }
    }

    public void Shrink(int by) => Count(ref _size, -by);

    private static void Count(ref long size, int by)
    {
        if (Interlocked.Add(ref size, by) < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(by));
        }
    }
}
