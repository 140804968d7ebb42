// Properties that the compiler writes the accessors of, used without the lock where that is right.
using System.Collections.Generic;
using System.Threading;
using Locking;

namespace Locking.Samples.Valid.AutomaticProperties;

/// <summary>An initializer sets the properties of an object that nobody else has yet.</summary>
public sealed class Order
{
    private readonly Lock _gate = new();

    public int Count { get; private set; }

    public int Limit { get; init; } = 8;

    /// <summary>When it was last looked at, by whoever it was: an approximate figure.</summary>
    [Unguarded("a figure for people, which may be stale")]
    public long Seen { get; set; }

    public static Order Of(int count) => new() { Count = count, Limit = count + 1, Seen = 0 };

    public bool TryAdd(long now)
    {
        lock (_gate)
        {
            Seen = now;
            if (Count == Limit)
            {
                return false;
            }

            Count++;
            return true;
        }
    }

    public void Clear(long now)
    {
        lock (_gate)
        {
            Seen = now;
            Count = 0;
        }
    }

    public void Look(long now) => Seen = now;
}

/// <summary>What a property says without the lock is a hint; it is looked at again under it before anything is done.</summary>
public sealed class Pool
{
    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new();

    private int Free { get; set; }

    public void Return(int item)
    {
        lock (_gate)
        {
            _free.Push(item);
            Free++;
        }
    }

    public int Rent()
    {
        if (Free > 0)
        {
            lock (_gate)
            {
                if (Free > 0)
                {
                    Free--;
                    return _free.Pop();
                }
            }
        }

        return -1;
    }
}

/// <summary>Settings that no lock guards stay so, though some of their uses happen to lie under one.</summary>
public sealed class Sender
{
    private readonly Lock _gate = new();
    private int _sent;

    public int Size { get; set; } = 512;

    public string Name { get; set; } = "";

    public void Grow() => Size *= 2;

    public void Shrink() => Size /= 2;

    public void Send(int bytes)
    {
        lock (_gate)
        {
            _sent += bytes > Size ? Size : bytes;
        }
    }

    public int Sent()
    {
        lock (_gate)
        {
            return Name.Length > 0 ? _sent : 0;
        }
    }
}
