// What an edge of the dependency graph says about the modes of its two ends.
using System;

namespace Locking;

/// <summary>
/// The ways in which one lock was acquired under another. The first letter tells how the outer one was held (exclusive or shared), the second
/// whether the inner one is a recursive read (R) or blocks behind waiting writers (N). Linux: the <c>dep</c> bits of <c>lock_list</c>.
/// </summary>
[Flags]
internal enum DependencyKinds
{
    None = 0,
    SharedToRecursive = 1,
    ExclusiveToRecursive = 2,
    SharedToOther = 4,
    ExclusiveToOther = 8,

    FromShared = SharedToRecursive | SharedToOther,
    FromExclusive = ExclusiveToRecursive | ExclusiveToOther,
    ToRecursive = SharedToRecursive | ExclusiveToRecursive,
    ToOther = SharedToOther | ExclusiveToOther,
}
