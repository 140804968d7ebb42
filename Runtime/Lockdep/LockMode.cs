// How a lock is held, in the terms that decide who blocks whom.
namespace Locking;

/// <summary>How a lock is held. Linux: the <c>read</c> argument of <c>lock_acquire</c>, with the same numbers.</summary>
/// <remarks>
/// A writer blocks everybody. A shared holder blocks writers, and through a waiting writer it blocks new <see cref="Shared"/> holders,
/// but never a <see cref="SharedRecursive"/> one.
/// </remarks>
public enum LockMode
{
    /// <summary>Alone.</summary>
    Exclusive,

    /// <summary>With other readers; a waiting writer holds new ones back, so acquiring it twice in one thread can deadlock.</summary>
    Shared,

    /// <summary>With other readers, waiting writers notwithstanding: a read section.</summary>
    SharedRecursive,
}
