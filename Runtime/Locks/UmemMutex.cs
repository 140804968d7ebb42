// The mutex of a umem.
namespace Locking;

/// <summary>
/// The mutex of a umem: guards its page and address arrays and what is installed on the device. Its class is <c>umem_mutex</c>. Linux:
/// <c>ib_umem_odp.umem_mutex</c>.
/// </summary>
/// <remarks>
/// A fault on an implicit umem holds the parent's mutex while it creates a child, which takes the tree's semaphore for writing; an
/// invalidation takes that semaphore and then a leaf's mutex. Parents are never in the tree, so this is no cycle, and the two levels say so.
/// </remarks>
[Capability("umem_mutex")]
[LockClass("umem_mutex")]
public sealed class UmemMutex : MutexLock
{
    private static readonly LockClass s_class = LockClass.Named("umem_mutex");

    /// <summary>Makes a free mutex.</summary>
    public UmemMutex()
        : base(s_class)
    {
    }

    /// <summary>The level of explicit umems and of the leaves of implicit ones: the default.</summary>
    public static LockSubclass Leaf { get; } = s_class.Default;

    /// <summary>The level of an implicit umem, which is never in the tree.</summary>
    public static LockSubclass ImplicitParent { get; } = s_class.Subclass(1, "implicit_parent");
}
