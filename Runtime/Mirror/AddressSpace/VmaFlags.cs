// What a mapping allows and is.
using System;

namespace Locking.Mirror;

/// <summary>What a mapping allows, and what kind it is. Linux: <c>vm_flags</c>.</summary>
[Flags]
public enum VmaFlags
{
    /// <summary>No access: reserved addresses.</summary>
    None = 0,

    /// <summary>It may be read.</summary>
    Read = 1,

    /// <summary>It may be written.</summary>
    Write = 2,

    /// <summary>It may be executed.</summary>
    Execute = 4,

    /// <summary>Both.</summary>
    ReadWrite = Read | Write,

    /// <summary>Writes are seen by everybody who maps it, also after a fork.</summary>
    Shared = 8,

    /// <summary>Registers of a device: not memory.</summary>
    Io = 16,

    /// <summary>Frames without pages.</summary>
    PfnMap = 32,

    /// <summary>Pages that a driver inserted, and maybe entries without pages.</summary>
    MixedMap = 64,

    /// <summary>Huge pages of 2 MiB from the pool.</summary>
    HugeTlb = 128,

    /// <summary>With <see cref="HugeTlb"/>: huge pages of 1 GiB.</summary>
    Gigantic = 256,

    /// <summary>Huge pages wherever they fit. Linux: <c>MADV_HUGEPAGE</c>.</summary>
    HugeAdvice = 512,

    /// <summary>The protection bits.</summary>
    Access = Read | Write | Execute,

    /// <summary>Kinds that nobody may mirror. Linux: <c>VM_IO | VM_PFNMAP</c>.</summary>
    NotMirrored = Io | PfnMap,
}
