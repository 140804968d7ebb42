// What an entry of a page table says.
namespace Locking.Mirror;

/// <summary>What an entry of a page table says.</summary>
internal enum PteKind
{
    /// <summary>Nothing: the first access populates it.</summary>
    None,

    /// <summary>A page; maybe the page of zeros.</summary>
    Present,

    /// <summary>A page that the processor may not touch, so that touching it tells who uses it: a NUMA hint.</summary>
    ProtNone,

    /// <summary>A place in swap.</summary>
    Swap,

    /// <summary>A page on the move; it is locked until it has arrived.</summary>
    Migration,

    /// <summary>A page of private device memory.</summary>
    DevicePrivate,

    /// <summary>A page that a device uses alone.</summary>
    DeviceExclusive,

    /// <summary>A page that a driver inserted and that has nothing behind it which a mirror might use.</summary>
    Special,

    /// <summary>A page whose memory failed.</summary>
    Poisoned,
}
