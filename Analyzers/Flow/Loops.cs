// Which nodes lie on a cycle: the strongly connected components of the graph, after Tarjan.
using System.Collections.Generic;
using System.Linq;

namespace Locking.Analyzers.Flow;

internal static class Loops
{
    /// <summary>Sets <see cref="Node.Loop"/>. Keeps its own stack, for graphs may be deep.</summary>
    public static void Mark(IReadOnlyList<Node> nodes)
    {
        var index = new int[nodes.Count];
        var low = new int[nodes.Count];
        var onStack = new bool[nodes.Count];
        var stack = new Stack<Node>();
        var calls = new Stack<(Node Node, int Next)>();
        int next = 1;
        foreach (Node start in nodes)
        {
            if (index[start.Id] == 0)
            {
                Open(start);
            }

            while (calls.Count > 0)
            {
                (Node node, int at) = calls.Pop();
                if (at == node.Successors.Count)
                {
                    Close(node);
                    if (calls.Count > 0)
                    {
                        Node caller = calls.Peek().Node;
                        low[caller.Id] = System.Math.Min(low[caller.Id], low[node.Id]);
                    }

                    continue;
                }

                calls.Push((node, at + 1));
                Node successor = node.Successors[at];
                if (index[successor.Id] == 0)
                {
                    Open(successor);
                }
                else if (onStack[successor.Id])
                {
                    low[node.Id] = System.Math.Min(low[node.Id], index[successor.Id]);
                }
            }
        }

        void Open(Node node)
        {
            index[node.Id] = low[node.Id] = next++;
            onStack[node.Id] = true;
            stack.Push(node);
            calls.Push((node, 0));
        }

        void Close(Node node)
        {
            if (low[node.Id] != index[node.Id])
            {
                return;
            }

            bool isCycle = stack.Peek() != node || node.Successors.Contains(node);
            Node member;
            do
            {
                member = stack.Pop();
                onStack[member.Id] = false;
                member.Loop = isCycle ? index[node.Id] : 0;
            }
            while (member != node);
        }
    }

    /// <summary>The variables that steps on cycles give values.</summary>
    public static ISet<int> ChangingSlots(IReadOnlyList<Node> nodes)
    {
        var changing = new SortedSet<int>();
        foreach (Node node in nodes)
        {
            if (node.IsInLoop)
            {
                changing.UnionWith(node.Steps.SelectMany(s => s.Assigned));
            }
        }

        changing.Remove(-1);
        return changing;
    }
}
