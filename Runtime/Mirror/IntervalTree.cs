// A balanced tree of closed intervals.
using System;
using System.Collections.Generic;

namespace Locking.Mirror;

/// <summary>
/// A tree of closed intervals that may overlap: an AVL tree by start, each node knowing the greatest end below it. Inserting and removing are
/// O(log n), finding the overlapping ones O(log n + found). Guarded by a lock of its owner. Linux: <c>rb_root_cached</c> as an interval tree.
/// </summary>
internal sealed class IntervalTree<T>
    where T : class
{
    private IntervalNode<T>? _root;

    public int Count { get; private set; }

    public bool IsEmpty => _root is null;

    public void Add(IntervalNode<T> node)
    {
        if (node.IsInTree)
        {
            throw new InvalidOperationException("The node is in a tree.");
        }

        (node.Left, node.Right, node.IsInTree) = (null, null, true);
        Update(node);
        _root = Insert(_root, node);
        Count++;
    }

    public void Remove(IntervalNode<T> node)
    {
        if (!node.IsInTree)
        {
            throw new InvalidOperationException("The node is in no tree.");
        }

        _root = Remove(_root, node, out bool found);
        if (!found)
        {
            throw new InvalidOperationException("The node is in another tree.");
        }

        node.IsInTree = false;
        Count--;
    }

    /// <summary>The first, by start, that overlaps; null where none does.</summary>
    public T? First(AddressRange range) => range.IsEmpty ? null : First(_root, range.Start.Value, range.Last)?.Item;

    /// <summary>The first that overlaps and comes after a node of the tree in its order.</summary>
    public T? Next(IntervalNode<T> node, AddressRange range) => Next(_root, node, range.Start.Value, range.Last)?.Item;

    /// <summary>All that overlap, in order. The tree must not change meanwhile.</summary>
    public void AddOverlapping(AddressRange range, List<T> found)
    {
        if (!range.IsEmpty)
        {
            Collect(_root, range.Start.Value, range.Last, found);
        }
    }

    private static void Collect(IntervalNode<T>? node, ulong start, ulong last, List<T> found)
    {
        if (node is null || node.MaxLast < start)
        {
            return;
        }

        Collect(node.Left, start, last, found);
        if (node.Start <= last)
        {
            if (node.Last >= start)
            {
                found.Add(node.Item);
            }

            Collect(node.Right, start, last, found);
        }
    }

    private static IntervalNode<T>? First(IntervalNode<T>? node, ulong start, ulong last)
    {
        while (node is not null && node.MaxLast >= start)
        {
            if (node.Left is { } left && left.MaxLast >= start)
            {
                // The left side ends late enough; where its first overlap begins too late, everything further right does as well.
                node = left;
            }
            else if (node.Start > last)
            {
                return null;
            }
            else if (node.Last >= start)
            {
                return node;
            }
            else
            {
                node = node.Right;
            }
        }

        return null;
    }

    private static IntervalNode<T>? Next(IntervalNode<T>? node, IntervalNode<T> after, ulong start, ulong last)
    {
        if (node is null || node.MaxLast < start)
        {
            return null;
        }

        if (Compare(node, after) > 0)
        {
            IntervalNode<T>? left = Next(node.Left, after, start, last);
            if (left is not null || node.Start > last)
            {
                return left;
            }

            if (node.Last >= start)
            {
                return node;
            }
        }

        return Next(node.Right, after, start, last);
    }

    private static IntervalNode<T> Insert(IntervalNode<T>? at, IntervalNode<T> node)
    {
        if (at is null)
        {
            return node;
        }

        if (Compare(node, at) < 0)
        {
            at.Left = Insert(at.Left, node);
        }
        else
        {
            at.Right = Insert(at.Right, node);
        }

        return Balance(at);
    }

    private static IntervalNode<T>? Remove(IntervalNode<T>? at, IntervalNode<T> node, out bool found)
    {
        if (at is null)
        {
            found = false;
            return null;
        }

        if (at == node)
        {
            found = true;
            return RemoveRoot(at);
        }

        if (Compare(node, at) < 0)
        {
            at.Left = Remove(at.Left, node, out found);
        }
        else
        {
            at.Right = Remove(at.Right, node, out found);
        }

        return Balance(at);
    }

    private static IntervalNode<T>? RemoveRoot(IntervalNode<T> node)
    {
        if (node.Left is null || node.Right is null)
        {
            return node.Left ?? node.Right;
        }

        IntervalNode<T> successor = node.Right;
        while (successor.Left is not null)
        {
            successor = successor.Left;
        }

        IntervalNode<T>? right = Remove(node.Right, successor, out _);
        (successor.Left, successor.Right) = (node.Left, right);
        return Balance(successor);
    }

    private static IntervalNode<T> Balance(IntervalNode<T> node)
    {
        int lean = Height(node.Left) - Height(node.Right);
        if (lean > 1)
        {
            if (Height(node.Left!.Left) < Height(node.Left.Right))
            {
                node.Left = RotateLeft(node.Left);
            }

            return RotateRight(node);
        }

        if (lean < -1)
        {
            if (Height(node.Right!.Right) < Height(node.Right.Left))
            {
                node.Right = RotateRight(node.Right);
            }

            return RotateLeft(node);
        }

        Update(node);
        return node;
    }

    private static IntervalNode<T> RotateLeft(IntervalNode<T> node)
    {
        IntervalNode<T> top = node.Right!;
        (node.Right, top.Left) = (top.Left, node);
        Update(node);
        Update(top);
        return top;
    }

    private static IntervalNode<T> RotateRight(IntervalNode<T> node)
    {
        IntervalNode<T> top = node.Left!;
        (node.Left, top.Right) = (top.Right, node);
        Update(node);
        Update(top);
        return top;
    }

    private static void Update(IntervalNode<T> node)
    {
        node.Height = Math.Max(Height(node.Left), Height(node.Right)) + 1;
        node.MaxLast = Math.Max(node.Last, Math.Max(node.Left?.MaxLast ?? 0, node.Right?.MaxLast ?? 0));
    }

    private static int Height(IntervalNode<T>? node) => node?.Height ?? 0;

    /// <summary>By start, then by identity, so that equal starts have one order.</summary>
    private static int Compare(IntervalNode<T> a, IntervalNode<T> b) =>
        a == b ? 0 : a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.Id.CompareTo(b.Id);
}
