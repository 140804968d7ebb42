// All locks of a list, acquired one after the other and released in the opposite order, however many there were.
using System.Collections.Generic;
using System.Threading;

namespace Locking.Samples.Valid.LockAll;

public sealed class Stripes
{
    private readonly List<object> _stripes = new() { new object(), new object() };

    public void Clear()
    {
        int held = 0;
        try
        {
            for (; held < _stripes.Count; held++)
            {
                Monitor.Enter(_stripes[held]);
            }

            Thread.SpinWait(1);
        }
        finally
        {
            while (--held >= 0)
            {
                Monitor.Exit(_stripes[held]);
            }
        }
    }
}

/// <summary>Which one it is, is said while counting.</summary>
public sealed class Shards
{
    private readonly object[] _shards = { new(), new() };

    public void Clear()
    {
        int held = 0;
        try
        {
            while (held < _shards.Length)
            {
                Monitor.Enter(_shards[held++]);
            }

            Thread.SpinWait(1);
        }
        finally
        {
            while (held > 0)
            {
                Monitor.Exit(_shards[--held]);
            }
        }
    }
}

/// <summary>The objects of a linked list are locked by one helper, and released by another.</summary>
public sealed class Bag
{
    private readonly Lock _all = new();
    private volatile Queue? _first;

    public void Add(int count)
    {
        lock (_all)
        {
            _first = new Queue(count, _first);
        }
    }

    public int Count()
    {
        bool isFrozen = false;
        try
        {
            Freeze(ref isFrozen);
            int count = 0;
            for (Queue? queue = _first; queue is not null; queue = queue.Next)
            {
                count += queue.Count;
            }

            return count;
        }
        finally
        {
            Thaw(isFrozen);
        }
    }

    private void Freeze(ref bool isFrozen)
    {
        _all.Enter();
        isFrozen = true;
        for (Queue? queue = _first; queue is not null; queue = queue.Next)
        {
            Monitor.Enter(queue);
            queue.IsFrozen = true;
        }
    }

    private void Thaw(bool isFrozen)
    {
        if (isFrozen)
        {
            for (Queue? queue = _first; queue is not null; queue = queue.Next)
            {
                if (queue.IsFrozen)
                {
                    queue.IsFrozen = false;
                    Monitor.Exit(queue);
                }
            }

            _all.Exit();
        }
    }

    private sealed class Queue(int count, Queue? next)
    {
        public int Count { get; } = count;

        public Queue? Next { get; } = next;

        public bool IsFrozen { get; set; }
    }
}
