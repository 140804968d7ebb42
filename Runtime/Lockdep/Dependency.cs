// An edge of the dependency graph.
using System.Diagnostics;

namespace Locking;

/// <summary>That a lock of one vertex was acquired while one of another was held. Linux: <c>struct lock_list</c>.</summary>
internal sealed class Dependency(LockSubclass outer, LockSubclass inner, LockPlace outerPlace, LockPlace innerPlace, string actor, StackTrace stack)
{
    public LockSubclass Outer { get; } = outer;

    public LockSubclass Inner { get; } = inner;

    /// <summary>Every way it was seen; written under the graph lock.</summary>
    public DependencyKinds Kinds { get; set; }

    /// <summary>Where the outer lock had been acquired when the edge was first seen.</summary>
    public LockPlace OuterPlace { get; } = outerPlace;

    /// <summary>Where the inner lock was acquired then.</summary>
    public LockPlace InnerPlace { get; } = innerPlace;

    /// <summary>Who did it.</summary>
    public string Actor { get; } = actor;

    /// <summary>The call stack of that acquisition; turned into text only for a report.</summary>
    public StackTrace Stack { get; } = stack;

    public static DependencyKinds KindOf(LockMode outer, LockMode inner) => (outer == LockMode.Exclusive, inner == LockMode.SharedRecursive) switch
    {
        (true, true) => DependencyKinds.ExclusiveToRecursive,
        (true, false) => DependencyKinds.ExclusiveToOther,
        (false, true) => DependencyKinds.SharedToRecursive,
        (false, false) => DependencyKinds.SharedToOther,
    };
}
