// Interleavings that deadlock, made from the cycle that was found.
using System.Collections.Generic;

namespace Locking;

internal static class Scenarios
{
    /// <summary>Everybody holds the outer end of a dependency, then everybody waits for the inner end of it.</summary>
    public static IReadOnlyList<ScenarioStep> OfCycle(in HeldLock held, in HeldLock entry, List<Dependency> path, bool isSync)
    {
        var steps = new List<ScenarioStep> { new(0, Reports.Operation(held.Mode, held.Vertex)) };
        for (int i = 0; i < path.Count; i++)
        {
            steps.Add(new(i + 1, Reports.Operation(OuterMode(path[i].Kinds), path[i].Outer)));
        }

        for (int i = 0; i < path.Count; i++)
        {
            steps.Add(new(i + 1, Reports.Operation(InnerMode(path[i].Kinds), path[i].Inner)));
        }

        steps.Add(new(0, isSync ? $"wait-for({entry.Vertex});" : Reports.Operation(entry.Mode, entry.Vertex)));
        return steps;
    }

    /// <summary>
    /// This thread holds the class that is held where a callback may run; somebody who holds the callback's class waits for it; then the
    /// callback runs on top of this thread and waits for him.
    /// </summary>
    public static IReadOnlyList<ScenarioStep> OfInterruption(LockSubclass inside, LockSubclass under) => inside == under
        ? [new(0, $"lock({under});"), new(0, "<callback runs on top>"), new(0, $"lock({inside});")]
        :
        [
            new(0, $"lock({under});"),
            new(1, $"lock({inside});"),
            new(1, $"lock({under});"),
            new(0, "<callback runs on top>"),
            new(0, $"lock({inside});"),
        ];

    private static LockMode OuterMode(DependencyKinds kinds) =>
        (kinds & DependencyKinds.FromExclusive) != 0 ? LockMode.Exclusive : LockMode.Shared;

    /// <summary>An edge to a recursive read alone is a read section; otherwise the graph does not know whether it was shared.</summary>
    private static LockMode InnerMode(DependencyKinds kinds) =>
        (kinds & DependencyKinds.ToOther) != 0 ? LockMode.Exclusive : LockMode.SharedRecursive;
}
