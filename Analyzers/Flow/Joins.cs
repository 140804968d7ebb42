// Where the two ways of a branch meet again.
using System.Collections.Generic;

namespace Locking.Analyzers.Flow;

/// <summary>
/// A flag in a field can change at any time, and who tests it twice in one body has to expect that. A pair of helpers, one that acquires where the
/// flag is set and one that releases where it is set, means one lock section all the same. So what a test of a field said is remembered where its
/// ways meet again: for calls of helpers, which go by it, and for the callers, who run both helpers.
/// </summary>
internal sealed class Joins(int[] order)
{
    private readonly Dictionary<Node, Node?> _joins = new();

    /// <summary>Null where the ways do not meet, but for exceptions and another turn of a loop.</summary>
    public Node? Of(Node branch)
    {
        if (!_joins.TryGetValue(branch, out Node? join))
        {
            _joins[branch] = join = Find(branch);
        }

        return join;
    }

    private Node? Find(Node branch)
    {
        if (branch.WhenTrue is null || branch.WhenFalse is null)
        {
            return null;
        }

        Node? first = null;
        HashSet<Node> one = Reachable(branch.WhenTrue, branch);
        foreach (Node other in Reachable(branch.WhenFalse, branch))
        {
            if (one.Contains(other) && (first is null || order[other.Id] < order[first.Id]))
            {
                first = other;
            }
        }

        return first;
    }

    private static HashSet<Node> Reachable(Node from, Node except)
    {
        var seen = new HashSet<Node> { from };
        var open = new Stack<Node>(seen);
        while (open.Count > 0)
        {
            Node node = open.Pop();
            Visit(node.WhenTrue);
            Visit(node.WhenFalse);
            node.Others.ForEach(Visit);
        }

        return seen;

        void Visit(Node? next)
        {
            if (next is not null && next != except && seen.Add(next))
            {
                open.Push(next);
            }
        }
    }
}
