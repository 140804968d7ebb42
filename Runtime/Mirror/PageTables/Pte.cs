// An entry of a page table.
namespace Locking.Mirror;

/// <summary>
/// An entry of a page table. Linux: <c>pte_t</c>, <c>pmd_t</c>, <c>pud_t</c> and <c>swp_entry_t</c> in one.
/// <code>
///   63..12          6       5            4          3..0
///   frame or slot   dirty   soft-dirty   writable   kind
/// </code>
/// Dirty is about the page: newer than its file. Soft-dirty is about the address: written since somebody began to watch; what is not may not be
/// written without a fault.
/// </summary>
/// <param name="Value">The bits.</param>
internal readonly record struct Pte(ulong Value)
{
    public const int FrameShift = 12;
    public const ulong KindMask = 15;
    public const ulong WriteBit = 1 << 4;
    public const ulong SoftDirtyBit = 1 << 5;
    public const ulong DirtyBit = 1 << 6;

    public static Pte None => default;

    public static Pte Poisoned { get; } = Of(PteKind.Poisoned, 0);

    public PteKind Kind => (PteKind)(Value & KindMask);

    public bool IsNone => Value == 0;

    public bool IsPresent => Kind == PteKind.Present;

    public bool IsWritable => (Value & WriteBit) != 0;

    public bool IsDirty => (Value & DirtyBit) != 0;

    public bool IsSoftDirty => (Value & SoftDirtyBit) != 0;

    /// <summary>The frame number; of a huge entry that of the first frame.</summary>
    public ulong Frame => Value >> FrameShift;

    /// <summary>The place in swap.</summary>
    public ulong Slot => Value >> FrameShift;

    /// <summary>Whether it refers to a frame, which it then holds a reference on.</summary>
    public bool HasPage => Kind is PteKind.Present or PteKind.ProtNone or PteKind.Migration or PteKind.DevicePrivate or PteKind.DeviceExclusive;

    public static Pte Of(PteKind kind, ulong frameOrSlot, bool isWritable = false) =>
        new((frameOrSlot << FrameShift) | (isWritable ? WriteBit | SoftDirtyBit : 0) | (ulong)kind);

    public static Pte Present(ulong frame, bool isWritable, bool isDirty = false) =>
        new((frame << FrameShift) | (isWritable ? WriteBit | SoftDirtyBit : 0) | (isDirty ? DirtyBit : 0) | (ulong)PteKind.Present);

    public Pte As(PteKind kind) => new((Value & ~KindMask) | (ulong)kind);

    public Pte ReadOnly() => new(Value & ~WriteBit);

    public Pte Writable() => new(Value | WriteBit | SoftDirtyBit | DirtyBit);

    public Pte Dirty() => new(Value | DirtyBit);

    public Pte SoftDirty() => new(Value | SoftDirtyBit);

    /// <summary>Soft-dirty too, where another one is: what it says has moved.</summary>
    public Pte SoftDirtyAs(Pte other) => new(Value | (other.Value & SoftDirtyBit));

    /// <summary>Watched for writes: the next one faults.</summary>
    public Pte Watched() => new(Value & ~(WriteBit | SoftDirtyBit));

    /// <summary>The same for the n-th frame behind.</summary>
    public Pte Plus(ulong frames) => new(Value + (frames << FrameShift));
}
