// A mapping of an address space.
namespace Locking.Mirror;

/// <summary>
/// A mapping: a range of addresses of one kind. To be looked at by who owns a user reference of the address space and holds its semaphore;
/// neither alone is enough (R01, R02). Once freed it is poisoned, and every look is reported. Linux: <c>struct vm_area_struct</c>.
/// </summary>
public sealed class Vma
{
    private AddressRange _range;
    private VmaFlags _flags;

    internal Vma(AddressRange range, VmaFlags flags, MemoryFile? file, Bytes offset)
    {
        Node = new IntervalNode<Vma>(this);
        (_range, _flags, File, Offset) = (range, flags, file, offset);
    }

    /// <summary>Its addresses.</summary>
    public AddressRange Range
    {
        get
        {
            CheckAlive();
            return _range;
        }
    }

    /// <summary>What it allows and is.</summary>
    public VmaFlags Flags
    {
        get
        {
            CheckAlive();
            return _flags;
        }
        internal set => _flags = value;
    }

    /// <summary>The file behind it; null for anonymous memory.</summary>
    public MemoryFile? File { get; }

    /// <summary>Where in the file it begins.</summary>
    public Bytes Offset { get; }

    internal IntervalNode<Vma> Node { get; }

    internal bool IsFreed { get; private set; }

    /// <summary>Whether all of it counts as written, because it is newer than the last time that somebody began to watch. Linux: <c>VM_SOFTDIRTY</c>.</summary>
    internal bool IsSoftDirty { get; set; } = true;

    internal bool IsAnonymous => File is null && !Is(VmaFlags.NotMirrored);

    /// <summary>Whether a write makes a copy that nobody else sees.</summary>
    internal bool IsPrivate => !Is(VmaFlags.Shared);

    /// <summary>The size of its pages.</summary>
    internal PageShift ShiftOf(PageShift baseShift) =>
        Is(VmaFlags.Gigantic) ? PageShift.Gigantic : Is(VmaFlags.HugeTlb) ? PageShift.Huge : baseShift;

    internal bool Is(VmaFlags flag) => (Flags & flag) != 0;

    /// <summary>The part of it in a range, as a mapping of its own.</summary>
    internal Vma Part(AddressRange range) => new(range, _flags, File, Offset + (range.Start - _range.Start)) { IsSoftDirty = IsSoftDirty };

    /// <summary>The same mapping elsewhere.</summary>
    internal Vma MovedTo(AddressRange range) => new(range, _flags, File, Offset);

    internal ulong FileIndex(Address address, PageShift shift) => (Offset + (address - _range.Start)).Value >> shift.Value;

    internal void Free() => IsFreed = true;

    private void CheckAlive() => MirrorProtocol.Expect(!IsFreed, "INV-14: a mapping is looked at after it was freed: a user reference was missing (R01, R02)");
}
