// Hand over hand along a list: the next lock is acquired before the last is released, and the loop ends holding one.
using System.Threading;

namespace Locking.Samples.Valid.HandOverHand;

public sealed class Node
{
    private readonly Lock _gate = new();
    private Node? _next;

    [GuardedBy(nameof(_gate))]
    private int _visits;

    [NestedLock(By = "position in the list")]
    public static void VisitLast(Node first)
    {
        Node current = first;
        current._gate.Enter();
        while (current._next is { } next)
        {
            next._gate.Enter();
            current._gate.Exit();
            current = next;
        }

        current._visits++;
        current._gate.Exit();
    }

    public void Append(Node next) => _next = next;
}
