// Why entries change.
namespace Locking.Mirror;

/// <summary>Why the entries of a window change. Linux: <c>enum mmu_notifier_event</c>.</summary>
public enum InvalidateEvent
{
    /// <summary>The mapping goes.</summary>
    Unmap,

    /// <summary>Pages go or are replaced; the mapping stays.</summary>
    Clear,

    /// <summary>The mapping allows something else.</summary>
    ProtectionVma,

    /// <summary>Entries allow something else; the mapping does not change.</summary>
    ProtectionPage,

    /// <summary>Entries are watched for writes.</summary>
    SoftDirty,

    /// <summary>The address space exits.</summary>
    Release,

    /// <summary>Pages move; with the owner of the device memory that they come from or go to.</summary>
    Migrate,

    /// <summary>Pages are given to a device alone, or taken back; with the owner that gets them.</summary>
    Exclusive,
}
