// The semaphore of an address space.
namespace Locking;

/// <summary>
/// The semaphore of an address space: read to walk and fault, write to change the mappings. Its class is <c>mmap_sem</c>, outside every lock
/// of a driver. Linux: <c>mm_struct.mmap_lock</c>, called mmap_sem before 5.8.
/// </summary>
[Capability("mmap_sem")]
[LockClass("mmap_sem")]
public sealed class MmapSem : RwSemaphore
{
    /// <summary>Makes a free semaphore.</summary>
    public MmapSem()
        : base(LockClass.Named("mmap_sem"))
    {
    }
}
