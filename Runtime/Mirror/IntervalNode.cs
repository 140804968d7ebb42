// A place in a tree of intervals.
using System;
using System.Threading;

namespace Locking.Mirror;

/// <summary>A place in an <see cref="IntervalTree{T}"/>, kept inside the item so that inserting allocates nothing. Linux: <c>interval_tree_node</c>.</summary>
internal sealed class IntervalNode<T>(T item)
    where T : class
{
    private static long s_ids;

    public T Item { get; } = item;

    public ulong Start { get; private set; }

    /// <summary>The last number that belongs to it: the interval is closed.</summary>
    public ulong Last { get; private set; }

    public bool IsInTree { get; internal set; }

    /// <summary>Orders nodes of one start.</summary>
    internal long Id { get; } = Interlocked.Increment(ref s_ids);

    internal IntervalNode<T>? Left, Right;
    internal int Height;
    internal ulong MaxLast;

    public void Set(AddressRange range)
    {
        if (IsInTree || range.IsEmpty)
        {
            throw new InvalidOperationException(IsInTree ? "The node is in a tree." : "An empty interval is in no tree.");
        }

        (Start, Last) = (range.Start.Value, range.Last);
    }
}
