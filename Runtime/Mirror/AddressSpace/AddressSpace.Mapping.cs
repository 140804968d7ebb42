// An address space: making, cutting, moving and protecting mappings.
using System.Collections.Generic;

namespace Locking.Mirror;

public sealed partial class AddressSpace
{
    /// <summary>Where addresses that nobody asked for begin: below, a null pointer is a fault.</summary>
    private static readonly Address s_lowest = new(1UL << 30);

    /// <summary>Maps memory where there is room. Linux: <c>mmap</c>.</summary>
    /// <param name="length">How much; rounded up to pages.</param>
    /// <param name="flags">What it allows and is.</param>
    /// <param name="range">Where it is now.</param>
    /// <param name="file">The file; null for anonymous memory.</param>
    /// <param name="offset">Where in the file it begins, aligned to pages.</param>
    /// <returns>Ok, Invalid, NoMemory, NotSupported.</returns>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    public MmResult Map(Bytes length, VmaFlags flags, out AddressRange range, MemoryFile? file = null, Bytes offset = default)
    {
        range = default;
        if (length.Value == 0 || length.Value > Address.Limit.Value)
        {
            return MmResult.Invalid;
        }

        using (MmapSem.EnterWrite())
        {
            PageShift shift = AlignmentOf(flags);
            Bytes whole = shift.Expand(AddressRange.Of(default, length)).Length;
            if (FindRoom(whole, PageShift.Huge.Value > shift.Value && whole >= PageShift.Huge.Size ? PageShift.Huge : shift) is not { } start)
            {
                return MmResult.NoMemory;
            }

            range = AddressRange.Of(start, whole);
            return MapLocked(range, flags, file, offset);
        }
    }

    /// <summary>Maps memory at given addresses; what was mapped there goes. Linux: <c>mmap</c> with MAP_FIXED.</summary>
    /// <param name="range">The addresses, aligned to pages.</param>
    /// <param name="flags">What it allows and is.</param>
    /// <param name="file">The file; null for anonymous memory.</param>
    /// <param name="offset">Where in the file it begins, aligned to pages.</param>
    /// <returns>Ok, Invalid, NoMemory, NotSupported.</returns>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    public MmResult MapAt(AddressRange range, VmaFlags flags, MemoryFile? file = null, Bytes offset = default)
    {
        using (MmapSem.EnterWrite())
        {
            return MapLocked(range, flags, file, offset);
        }
    }

    /// <summary>Unmaps addresses, mapped or not. Linux: <c>munmap</c>.</summary>
    /// <param name="range">The addresses, aligned to pages.</param>
    /// <returns>Ok; Invalid also where a huge page of the pool would be cut.</returns>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    public MmResult Unmap(AddressRange range)
    {
        using (MmapSem.EnterWrite())
        {
            return UnmapLocked(range);
        }
    }

    /// <summary>Changes what addresses allow. Linux: <c>mprotect</c>.</summary>
    /// <param name="range">The addresses, aligned to pages; all must be mapped.</param>
    /// <param name="access">Read, write, execute or none of them.</param>
    /// <returns>Ok, Invalid, NoMemory (a hole; what was before it has changed).</returns>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    public MmResult Protect(AddressRange range, VmaFlags access)
    {
        using (MmapSem.EnterWrite())
        {
            if (!IsAligned(range, BaseShift) || (access & ~VmaFlags.Access) != 0)
            {
                return MmResult.Invalid;
            }

            Address at = range.Start;
            foreach (Vma vma in VmasIn(range))
            {
                if (vma.Range.Start > at)
                {
                    return MmResult.NoMemory;
                }

                if (Isolate(vma, range) is not { } part)
                {
                    return MmResult.Invalid;
                }

                ProtectVma(part, access);
                at = part.Range.End;
            }

            return at >= range.End ? MmResult.Ok : MmResult.NoMemory;
        }
    }

    /// <summary>Moves a mapping, or a part of one, with its pages to where there is room. Linux: <c>mremap</c> with MREMAP_MAYMOVE.</summary>
    /// <param name="range">The addresses: of one mapping.</param>
    /// <param name="length">The new length, not less than the old one.</param>
    /// <param name="moved">Where it is now.</param>
    /// <returns>Ok; Invalid, Fault (no mapping), NoMemory: nothing has moved.</returns>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    public MmResult Remap(AddressRange range, Bytes length, out AddressRange moved)
    {
        moved = default;
        using (MmapSem.EnterWrite())
        {
            if (!IsAligned(range, BaseShift) || length < range.Length || length > new Bytes(Address.Limit.Value))
            {
                return MmResult.Invalid;
            }

            if (VmaAt(range.Start) is not { } vma || !vma.Range.Contains(range))
            {
                return MmResult.Fault;
            }

            Bytes whole = BaseShift.Expand(AddressRange.Of(default, length)).Length;
            if (vma.Is(VmaFlags.HugeTlb) || FindRoom(whole, PageShift.Huge) is not { } start)
            {
                return vma.Is(VmaFlags.HugeTlb) ? MmResult.Invalid : MmResult.NoMemory;
            }

            if (!MakeTables(range, start))
            {
                return MmResult.NoMemory;
            }

            moved = AddressRange.Of(start, whole);
            Vma part = Isolate(vma, range)!;
            Link(part.MovedTo(moved), moved);
            MovePages(range, start);
            Unlink(part);
            Hints.Remove(range);
            return MmResult.Ok;
        }
    }

    /// <summary>Throws pages away: the next access finds zeros, or the file. Linux: <c>madvise</c> with MADV_DONTNEED.</summary>
    /// <param name="range">The addresses, aligned to pages.</param>
    /// <returns>Ok or Invalid.</returns>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    public MmResult Discard(AddressRange range)
    {
        using (MmapSem.EnterRead())
        {
            if (!IsAligned(range, BaseShift))
            {
                return MmResult.Invalid;
            }

            ZapInWindow(range, InvalidateEvent.Clear);
            return MmResult.Ok;
        }
    }

    /// <summary>Asks for huge pages. Linux: <c>madvise</c> with MADV_HUGEPAGE.</summary>
    /// <param name="range">The addresses, aligned to pages.</param>
    /// <returns>Ok, Invalid or NotSupported.</returns>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    public MmResult AdviseHuge(AddressRange range)
    {
        if (!Machine.Has(MirrorFeatures.TransparentHuge))
        {
            return MmResult.NotSupported;
        }

        using (MmapSem.EnterWrite())
        {
            if (!IsAligned(range, BaseShift))
            {
                return MmResult.Invalid;
            }

            foreach (Vma vma in VmasIn(range))
            {
                if (!vma.Is(VmaFlags.HugeTlb) && Isolate(vma, range) is { } part)
                {
                    part.Flags |= VmaFlags.HugeAdvice;
                }
            }

            return MmResult.Ok;
        }
    }

    private static bool IsAligned(AddressRange range, PageShift shift) =>
        range.IsValid && shift.IsAligned(range.Start) && shift.IsAligned(range.End);

    private PageShift AlignmentOf(VmaFlags flags) =>
        (flags & VmaFlags.Gigantic) != 0 ? PageShift.Gigantic : (flags & VmaFlags.HugeTlb) != 0 ? PageShift.Huge : BaseShift;

    [Requires(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    private MmResult MapLocked(AddressRange range, VmaFlags flags, MemoryFile? file, Bytes offset)
    {
        if (!IsAligned(range, AlignmentOf(flags)) || !BaseShift.IsAligned(new Address(offset.Value)) || ((flags & VmaFlags.Gigantic) != 0 && (flags & VmaFlags.HugeTlb) == 0))
        {
            return MmResult.Invalid;
        }

        if ((flags & VmaFlags.HugeTlb) != 0 && (!Machine.Has(MirrorFeatures.HugeTlb) || file is not null))
        {
            return file is null ? MmResult.NotSupported : MmResult.Invalid;
        }

        if (SchedulePoint.Fails("vma"))
        {
            return MmResult.NoMemory;
        }

        MmResult result = VmasIn(range).Count > 0 ? UnmapLocked(range) : MmResult.Ok;
        if (result == MmResult.Ok)
        {
            bool needsFile = (flags & VmaFlags.Shared) != 0 && (flags & (VmaFlags.HugeTlb | VmaFlags.NotMirrored)) == 0;
            Link(new Vma(range, flags, file ?? (needsFile ? new MemoryFile(Machine) : null), offset), range);
        }

        return result;
    }

    [Requires(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    private MmResult UnmapLocked(AddressRange range)
    {
        if (!IsAligned(range, BaseShift))
        {
            return MmResult.Invalid;
        }

        List<Vma> found = VmasIn(range);
        if (found.Exists(vma => !IsCuttable(vma, range)))
        {
            return MmResult.Invalid;
        }

        foreach (Vma vma in found)
        {
            Vma part = Isolate(vma, range)!;
            ZapInWindow(part.Range, InvalidateEvent.Unmap);
            Unlink(part);
        }

        Hints.Remove(range);
        return MmResult.Ok;
    }

    /// <summary>The lowest free range of a length. A hole is found behind each mapping in turn: O(mappings).</summary>
    [Requires(nameof(MmapSem))]
    private Address? FindRoom(Bytes length, PageShift shift)
    {
        Address at = s_lowest;
        while (at + length <= Address.Limit)
        {
            AddressRange room = AddressRange.Of(at, length);
            if (_vmas.First(room) is not { } vma)
            {
                return at;
            }

            at = AlignUp(vma.Range.End, shift);
        }

        return null;
    }

    private static Address AlignUp(Address address, PageShift shift) =>
        new((address.Value + shift.Size.Value - 1) & ~(shift.Size.Value - 1));

    private bool IsCuttable(Vma vma, AddressRange range) => IsAligned(vma.Range.Clip(range), vma.ShiftOf(BaseShift));

    /// <summary>Cuts a mapping so that the part in a range is one of its own; null where a huge page of the pool would be cut. Linux: <c>split_vma</c>.</summary>
    [Requires(nameof(MmapSem))]
    private Vma? Isolate(Vma vma, AddressRange range)
    {
        AddressRange whole = vma.Range;
        AddressRange part = whole.Clip(range);
        if (part == whole)
        {
            return vma;
        }

        if (!IsCuttable(vma, range))
        {
            return null;
        }

        Vma middle = vma.Part(part);
        Vma before = vma.Part(new AddressRange(whole.Start, part.Start));
        Vma after = vma.Part(new AddressRange(part.End, whole.End));
        Unlink(vma);
        Link(middle, part);
        if (part.Start > whole.Start)
        {
            Link(before, before.Range);
        }

        if (whole.End > part.End)
        {
            Link(after, after.Range);
        }

        return middle;
    }
}
