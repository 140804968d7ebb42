// Memory of a process that a device faults on demand.
using System;

namespace Locking.Mirror;

/// <summary>
/// Memory of a process that a device faults on demand: which of its pages are mapped for the device, and as what. Linux:
/// <c>struct ib_umem_odp</c>.
/// </summary>
/// <remarks>
/// It keeps no references on pages: the notifier is their protection (R64). Guarded by its mutex, which is the driver lock of its interval:
/// what is mapped, and what the device is told. A number for each page is at most what it keeps; the frames that a fault answers live in a buffer
/// of the fault (R79).
/// </remarks>
public sealed partial class UmemOdp : IntervalNotifier
{
    /// <summary>What a device may do is kept in the low bits of an address, which are zero in the address of a page.</summary>
    private const ulong AccessMask = 3;

    private readonly PerMm _perMm;
    private readonly DmaMappings _dma;
    private readonly UmemEntries _mapped;

    internal UmemOdp(PerMm perMm, DmaMappings dma, AddressRange addresses, PageShift shift, bool isWritable)
        : base(new UmemMutex())
    {
        (_perMm, _dma, Addresses, Shift, IsWritable) = (perMm, dma, shift.Expand(addresses), shift, isWritable);
        TreeNode = new IntervalNode<UmemOdp>(this);
        _mapped = new UmemEntries(Addresses, shift);
    }

    /// <summary>The addresses, rounded outward to its pages.</summary>
    public AddressRange Addresses { get; }

    /// <summary>The size of its pages.</summary>
    public PageShift Shift { get; }

    /// <summary>Whether the device may ever write.</summary>
    public bool IsWritable { get; }

    /// <summary>How many of its pages are mapped.</summary>
    [GuardedBy(nameof(DriverLock))]
    public UmemPages MappedPages { get; private set; }

    /// <summary>Whether its address space has exited, or it is about to go: nothing is mapped any more.</summary>
    [GuardedBy(nameof(DriverLock))]
    public bool IsDying { get; private set; }

    internal IntervalNode<UmemOdp> TreeNode { get; }

    internal AddressSpace Space => _perMm.Space;

    /// <summary>The driver's: takes pages from the device before they are unmapped; its argument is in pages of the umem.</summary>
    internal Action<UmemPages, UmemPages>? Zap { get; set; }

    /// <summary>The driver's: so many pages were taken by a window.</summary>
    internal Action<UmemPages>? Invalidated { get; set; }

    /// <summary>The driver's: everything was unmapped.</summary>
    internal Action? Emptied { get; set; }

    /// <summary>Begins to be told of windows of the address space, and to be found.</summary>
    [RequiresShared("mm.Users")]
    internal NotifierResult Open(AddressSpace mm)
    {
        NotifierResult result = Insert(mm, Addresses);
        if (result == NotifierResult.Ok)
        {
            _perMm.Insert(this);
        }

        return result;
    }

    /// <summary>Unmaps everything, and is neither told nor found any more. The device must not use it by now (R71).</summary>
    [Fence("callbacks")]
    [Excludes(nameof(DriverLock))]
    [MayBlock]
    internal void Close()
    {
        Die();
        _perMm.Remove(this);
        Remove();
    }

    [Excludes(nameof(DriverLock))]
    internal void Die()
    {
        using (DriverLock.Enter())
        {
            IsDying = true;
            ZapAndUnmap(new UmemPages(0), _mapped.Length);
        }
    }

    /// <summary>
    /// Faults and maps pages for the device. Where it succeeds the mutex is held, so that the device can be told in the same critical section
    /// (R38). Linux: <c>ib_umem_odp_map_dma_and_lock</c>.
    /// </summary>
    /// <param name="range">The addresses, aligned to nothing.</param>
    /// <param name="access">What the device will do.</param>
    /// <param name="faults">Whether missing pages are faulted in; else those there are are mapped with the rights they have.</param>
    /// <param name="result">Ok, or why not.</param>
    /// <returns>Whether they are mapped.</returns>
    [TryAcquires(true, nameof(DriverLock))]
    [MayBlock]
    internal bool TryMapAndLock(AddressRange range, OdpAccess access, bool faults, out OdpResult result)
    {
        result = OdpResult.Invalid;
        if (access == OdpAccess.None)
        {
            return false;
        }

        // The rounding is outward, of both ends, so the offset in the first page counts (R59).
        AddressRange pages = Shift.Expand(range);
        result = OdpResult.Fault;
        if (range.IsEmpty || !Addresses.Contains(pages) || ((access & OdpAccess.Write) != 0 && !IsWritable) || Mm is not { } mm || !mm.Users.TryGet())
        {
            return false;
        }

        try
        {
            result = OdpResult.Ok;
            return TryMapResident(mm, pages, faults ? access : OdpAccess.Write) || TryFault(pages, access, faults, out result);
        }
        finally
        {
            // The mutex may be held, and this may be the last user: its exit runs elsewhere (R05).
            mm.Users.PutAsync();
        }
    }

    /// <summary>The same for a range of which all pages are there; none of it is faulted.</summary>
    /// <param name="range">The addresses, inside those of the umem, and not empty.</param>
    /// <param name="access">What the device will do.</param>
    /// <returns>Whether they are mapped, and the mutex is held.</returns>
    [TryAcquires(true, nameof(DriverLock))]
    [MayBlock]
    internal bool TryMapResidentAndLock(AddressRange range, OdpAccess access)
    {
        if (((access & OdpAccess.Write) != 0 && !IsWritable) || Mm is not { } mm || !mm.Users.TryGet())
        {
            return false;
        }

        try
        {
            return TryMapResident(mm, Shift.Expand(range), access);
        }
        finally
        {
            mm.Users.PutAsync();
        }
    }

    /// <summary>What is mapped.</summary>
    [GuardedBy(nameof(DriverLock))]
    internal UmemEntries Mappings => _mapped;

    /// <summary>INV-03, for pages that the device is about to be told of.</summary>
    internal void ExpectNoWindow(UmemPages first, UmemPages end) =>
        Space.Notifiers.ExpectNoWindow(AddressRange.Of(Addresses.Start + Shift.ToBytes(first), Shift.ToBytes(end - first)));

    /// <summary>INV-08: counts what is mapped, the slow way.</summary>
    [Requires(nameof(DriverLock))]
    internal UmemPages Audit()
    {
        var count = new UmemPages(0);
        for (var page = new UmemPages(0); page < _mapped.Length; page++)
        {
            count += new UmemPages(_mapped[page] == 0 ? 0 : 1);
        }

        return count;
    }

    /// <inheritdoc/>
    protected internal override bool OnInvalidate(in InvalidateRange range, ulong sequence)
    {
        SchedulePoint.Reach("R39.callback");
        if (!range.IsBlockable)
        {
            // Telling the device takes its time: a window that must not block is refused, before anything has changed (R33).
            return false;
        }

        using (DriverLock.Enter())
        {
            SetSequence(sequence);
            AddressRange part = Addresses.Clip(range.Range);
            if (!part.IsEmpty)
            {
                // A page of the umem goes as a whole, however small the part.
                AddressRange whole = Shift.Expand(part);
                UmemPages before = MappedPages;
                ZapAndUnmap(Shift.UmemIndex(Addresses.Start, whole.Start), Shift.UmemIndex(Addresses.Start, whole.End));
                Invalidated?.Invoke(before - MappedPages);
            }
        }

        return true;
    }

    /// <summary>Takes pages from the device, then unmaps them, then marks dirty what it may have written (R36, R63).</summary>
    [Requires(nameof(DriverLock))]
    private void ZapAndUnmap(UmemPages first, UmemPages end)
    {
        if (MappedPages.Value == 0)
        {
            return;
        }

        // Without memory to keep the rest of a block, the rest goes too: it can be faulted again (R70).
        (first, end) = _mapped.Cut(first, end);
        Zap?.Invoke(first, end);
        for (UmemPages page = first; page < end;)
        {
            ulong entry = _mapped.RunAt(page, end, out UmemPages count);
            if (entry != 0)
            {
                UnmapRun(entry, count);
                MappedPages -= count;
            }

            page += count;
        }

        _mapped.Clear(first, end);
        if (MappedPages.Value == 0)
        {
            Emptied?.Invoke();
        }
    }

    private void UnmapRun(ulong entry, UmemPages count)
    {
        ulong address = entry & ~AccessMask;
        for (long i = 0; i < count.Value && _dma.IsRecorded; i++)
        {
            _dma.Unmap(address + ((ulong)i << Shift.Value), Shift.Size, DmaDirection.Bidirectional);
        }

        if ((entry & (ulong)OdpAccess.Write) != 0)
        {
            Space.Memory.SetDirty(address >> Space.BaseShift.Value, new BasePages(count.Value * Shift.PagesOf(Space.BaseShift).Value));
        }
    }
}
