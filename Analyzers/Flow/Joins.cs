// Where the two ways of a branch meet again.
using System.Collections.Generic;

namespace Locking.Analyzers.Flow;

/// <summary>
/// A flag in a field can change at any time, and yet code that acquires where the flag is set and releases where it is set means one lock section.
/// So what a test of such a field said is not known while its own ways last (a second test there is made because the flag may have changed); it is
/// remembered from the place on where the ways meet again, by paths that still hold different things there.
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
