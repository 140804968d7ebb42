// The semaphore of a process's umem tree.
namespace Locking;

/// <summary>
/// The semaphore of the umem tree of one address space: read to iterate in callbacks, write to change the tree. Its class is
/// <c>umem_rwsem</c>, inside <c>mmap_sem</c> and outside <c>umem_mutex</c>. Linux: <c>ib_ucontext_per_mm.umem_rwsem</c>.
/// </summary>
[Capability("umem_rwsem")]
[LockClass("umem_rwsem")]
public sealed class UmemRwsem : RwSemaphore
{
    /// <summary>Makes a free semaphore.</summary>
    public UmemRwsem()
        : base(LockClass.Named("umem_rwsem"))
    {
    }
}
