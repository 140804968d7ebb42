// A lock is released through the object that it was acquired through.
using System.Threading;

namespace Locking.Samples.LOCK2011;

public sealed class Tree
{
    [NestedLock(By = "depth")]
    private readonly Lock _gate = new();
    private Tree? _child;
    private int _visits;

    public static void Visit(Tree tree)
    {
        tree._gate.Enter();
        tree._visits++;
        tree = tree._child ?? tree;
        tree._gate.Exit(); // LOCK2011
    }

    public static void VisitSafely(Tree tree)
    {
        Tree visited = tree;
        visited._gate.Enter();
        visited._visits++;
        tree = tree._child ?? tree;
        visited._gate.Exit();
    }

    public void Adopt(Tree child)
    {
        lock (_gate)
        {
            _child = child;
        }
    }
}
