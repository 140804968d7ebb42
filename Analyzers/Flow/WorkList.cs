// The nodes that are still to be run, those first that others wait for.
using System.Collections.Generic;

namespace Locking.Analyzers.Flow;

/// <param name="order">By node: its place, from 1; 0 where nothing leads to it.</param>
internal sealed class WorkList(IReadOnlyList<Node> nodes, int[] order)
{
    private readonly Node?[] _waiting = new Node?[nodes.Count + 1];
    private int _first;

    public void Add(Node node)
    {
        _waiting[order[node.Id]] = node;
        _first = System.Math.Min(_first, order[node.Id]);
    }

    /// <summary>Null where none is left.</summary>
    public Node? Take()
    {
        for (; _first < _waiting.Length; _first++)
        {
            if (_waiting[_first] is { } node)
            {
                _waiting[_first] = null;
                return node;
            }
        }

        return null;
    }
}
