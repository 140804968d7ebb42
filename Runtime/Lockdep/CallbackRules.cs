// The rules about callbacks: a lock that a callback takes must not be held, nor be waited for by one that is held, where that callback may run.
using System.Collections.Generic;
using System.Diagnostics;

namespace Locking;

/// <summary>
/// A callback that runs on top of a thread waits for locks while that thread cannot go on. So from a class that a callback acquires ("inside")
/// no strong path may lead to a class that is held where the callback may run ("under"). Linux: the interrupt rules, <c>mark_lock</c> and
/// <c>check_irq_usage</c>. Every method is called with the graph lock held.
/// </summary>
internal sealed class CallbackRules(DependencyGraph graph)
{
    private readonly Dictionary<(int Vertex, CallbackUsage Use), (LockPlace Place, string Actor, StackTrace Stack)> _firstUses = [];

    /// <summary>Where and by whom a class was first used in a way; null where it was not.</summary>
    public string Describe(LockSubclass vertex, CallbackUsage use) =>
        _firstUses.TryGetValue((vertex.Id, use), out (LockPlace Place, string Actor, StackTrace Stack) first)
            ? $"{use} at {first.Place} by {first.Actor}{System.Environment.NewLine}{first.Stack}"
            : use.ToString();

    public void Clear() => _firstUses.Clear();

    /// <summary>Adds uses to the class of an entry; reports where one of them contradicts what is known.</summary>
    public LockdepReport? Mark(HeldStack stack, ref HeldLock entry, CallbackUsage uses)
    {
        for (int bit = 1; bit <= (int)CallbackUsage.UnderBlockableRead; bit <<= 1)
        {
            var use = (CallbackUsage)bit;
            if ((uses & use) == 0 || (entry.Vertex.Usage & use) != 0)
            {
                continue;
            }

            LockdepReport? report = CheckNewUse(stack, entry, use);
            if (report is not null)
            {
                return report;
            }

            _firstUses[(entry.Vertex.Id, use)] = (entry.Place, Reports.ActorOf(stack), new StackTrace(Reports.SkippedFrames, false));
            entry.Vertex.Usage |= use;
        }

        return null;
    }

    /// <summary>Whether a new dependency connects a class used inside a callback with one held under it.</summary>
    public LockdepReport? CheckDependency(HeldStack stack, in HeldLock held, in HeldLock entry)
    {
        var inside = CallbackUsage.None;
        bool heldShared = held.Mode != LockMode.Exclusive;
        graph.Backward(held.Vertex, heldShared, (vertex, weak) =>
        {
            inside |= CallbackUsages.Visible(vertex.Usage, weak) & CallbackUsage.AllInside;
            return false;
        });
        if (inside == 0)
        {
            return null;
        }

        CallbackUsage forbidden = CallbackUsages.Exclusive(inside);
        LockSubclass? unsafeVertex = null;
        var matched = CallbackUsage.None;
        List<Dependency>? down = graph.Forward(entry.Vertex, entry.Mode == LockMode.SharedRecursive, (vertex, weak) =>
        {
            matched = CallbackUsages.Visible(vertex.Usage, weak) & forbidden;
            unsafeVertex = vertex;
            return matched != 0;
        });
        if (down is null)
        {
            return null;
        }

        // The accumulated uses may be those of several classes; the one to show is one that the found class really contradicts.
        CallbackUsage counterpart = CallbackUsages.Exclusive(matched) & CallbackUsage.AllInside;
        LockSubclass? safeVertex = null;
        List<Dependency> up = graph.Backward(held.Vertex, heldShared, (vertex, weak) =>
        {
            safeVertex = vertex;
            return (CallbackUsages.Visible(vertex.Usage, weak) & counterpart) != 0;
        })!;
        up.Reverse();
        string uses = Describe(safeVertex!, First(safeVertex!.Usage & counterpart)) + Describe(unsafeVertex!, First(unsafeVertex!.Usage & matched));
        return Reports.CallbackUnsafe(stack, held, entry, safeVertex, unsafeVertex, [.. up, .. down], uses);
    }

    private LockdepReport? CheckNewUse(HeldStack stack, in HeldLock entry, CallbackUsage use)
    {
        CallbackUsage clash = entry.Vertex.Usage & CallbackUsages.ExclusiveOnOneLock(use);
        if (clash != 0)
        {
            return Reports.InconsistentUse(stack, entry, use, Describe(entry.Vertex, First(clash)));
        }

        LockSubclass? other = null;
        CallbackUsage forbidden = CallbackUsages.Exclusive(use);
        bool Clashes(LockSubclass vertex, bool weak)
        {
            other = vertex;
            return (CallbackUsages.Visible(vertex.Usage, weak) & forbidden) != 0;
        }

        bool isInside = (use & CallbackUsage.AllInside) != 0;
        List<Dependency>? path = isInside
            ? graph.Forward(entry.Vertex, entry.Mode == LockMode.SharedRecursive, Clashes)
            : graph.Backward(entry.Vertex, entry.Mode != LockMode.Exclusive, Clashes);
        if (path is null)
        {
            return null;
        }

        if (!isInside)
        {
            path.Reverse();
        }

        return Reports.CallbackInversion(stack, entry, other!, use, path, Describe(other!, First(other!.Usage & forbidden)));
    }

    private static CallbackUsage First(CallbackUsage uses) => (CallbackUsage)((int)uses & -(int)uses);
}
