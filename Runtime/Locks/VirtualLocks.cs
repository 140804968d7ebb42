// The resources of address-space mirroring that are waited for like locks.
namespace Locking;

/// <summary>The resources of address-space mirroring that are waited for like locks, one of each for the process.</summary>
public static class VirtualLocks
{
    /// <summary>
    /// An invalidate window: entered around the callbacks of its start and end; touched by what may open one (a fault) and by what waits for
    /// one. Linux: <c>__mmu_notifier_invalidate_range_start_map</c>.
    /// </summary>
    public static VirtualLock InvalidateWindow { get; } = new(LockClass.Named("invalidate_window"));

    /// <summary>Memory reclaim: entered while reclaiming, which opens windows; touched by every allocation that may wait for memory. Linux: <c>__fs_reclaim_map</c>.</summary>
    public static VirtualLock Reclaim { get; } = new(LockClass.Named("reclaim"));

    /// <summary>The exit of an address space: entered while its release callbacks run; touched by every put that may be the last one.</summary>
    public static VirtualLock MmExit { get; } = new(LockClass.Named("mm_exit"));

    /// <summary>The drain of a reference count: entered by whoever must put its reference for others to go on; touched by who waits for zero.</summary>
    public static VirtualLock ReferenceDrain { get; } = new(LockClass.Named("reference_drain"));
}
