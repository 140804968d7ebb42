// An address space: pages that the machine takes away, moves, or watches.
namespace Locking.Mirror;

public sealed partial class AddressSpace
{
    /// <summary>
    /// Puts pages into swap, or back to their files, without the semaphore, as reclaim does from the pages' side. Pages in use by somebody
    /// else stay. Linux: <c>shrink_folio_list</c> with <c>try_to_unmap</c>.
    /// </summary>
    /// <param name="range">The addresses.</param>
    /// <param name="isBlockable">Whether notifiers may block; else pages whose notifiers would have to stay.</param>
    /// <returns>How many pages went.</returns>
    [MayBlock]
    public int Reclaim(AddressRange range, bool isBlockable = true)
    {
        if (!Users.TryGet())
        {
            return 0;
        }

        try
        {
            using (VirtualLocks.Reclaim.Enter())
            {
                return ReclaimInside(range, isBlockable);
            }
        }
        finally
        {
            Users.PutAsync();
        }
    }

    [Requires("Locking.VirtualLocks.Reclaim")]
    [RequiresShared(nameof(Users))]
    private int ReclaimInside(AddressRange range, bool isBlockable)
    {
        if (isBlockable)
        {
            SplitAll(range);
        }

        int reclaimed = 0;
        foreach (PteRun run in PageTable.Runs(BaseShift.Expand(range)))
        {
            reclaimed += run.Node is null ? 0 : ReclaimRun(run, isBlockable);
        }

        return reclaimed;
    }

    /// <summary>
    /// Throws the anonymous pages of a dying or frozen process away without ever blocking. Linux: <c>__oom_reap_task_mm</c>.
    /// </summary>
    /// <returns>Ok, or Again: the semaphore or a notifier was in the way, and what could not be done was left as it was.</returns>
    [MustNotBlock]
    [RequiresShared(nameof(Users))]
    public MmResult OomReap()
    {
        if (!MmapSem.TryAcquireRead())
        {
            return MmResult.Again;
        }

        MmResult result = MmResult.Ok;
        foreach (Vma vma in VmasIn(AddressRange.All))
        {
            if (vma.IsAnonymous && vma.IsPrivate)
            {
                InvalidateRange window = Window(vma.Range, InvalidateEvent.Clear, isBlockable: false);
                if (Notifiers.TryStart(window) != NotifierResult.Ok)
                {
                    result = MmResult.Again;
                    continue;
                }

                Zap(vma.Range);
                Notifiers.End(window);
            }
        }

        MmapSem.ReleaseRead();
        return result;
    }

    /// <summary>Hides pages, so that the next access tells who uses them. Linux: <c>change_prot_numa</c>.</summary>
    /// <param name="range">The addresses.</param>
    /// <returns>Ok or NotSupported.</returns>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    public MmResult NumaScan(AddressRange range)
    {
        if (!Machine.Has(MirrorFeatures.NumaBalancing))
        {
            return MmResult.NotSupported;
        }

        using (MmapSem.EnterRead())
        {
            foreach (Vma vma in VmasIn(range))
            {
                if (vma.IsAnonymous && vma.Is(VmaFlags.Read))
                {
                    InvalidateRange window = Window(BaseShift.Expand(vma.Range.Clip(range)), InvalidateEvent.ProtectionVma);
                    Notifiers.Start(window);
                    ChangeEntries(window.Range, entry => entry is { IsPresent: true, Frame: not 0 } ? entry.As(PteKind.ProtNone) : entry);
                    Notifiers.End(window);
                }
            }
        }

        return MmResult.Ok;
    }

    /// <summary>Moves the pages of a range to a node. Linux: <c>move_pages</c>.</summary>
    /// <param name="range">The addresses.</param>
    /// <param name="node">The node.</param>
    /// <returns>How many pages moved; those in use by somebody else stay.</returns>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    public int MovePagesTo(AddressRange range, int node)
    {
        using (MmapSem.EnterRead())
        {
            return MigrateTo(range, node);
        }
    }

    /// <summary>Makes one huge page of 512 small ones. Linux: <c>collapse_huge_page</c>.</summary>
    /// <param name="range">Addresses; each huge page that lies in them entirely is tried.</param>
    /// <returns>How many huge pages there are more.</returns>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    public int Collapse(AddressRange range)
    {
        int collapsed = 0;
        using (MmapSem.EnterWrite())
        {
            for (Address at = AlignUp(range.Start, PageShift.Huge); at + PageShift.Huge.Size <= range.End; at += PageShift.Huge.Size)
            {
                AddressRange huge = AddressRange.Of(at, PageShift.Huge.Size);
                if (VmaAt(at) is { IsAnonymous: true, IsPrivate: true } vma && vma.Range.Contains(huge) && !vma.Is(VmaFlags.HugeTlb))
                {
                    collapsed += CollapseOne(vma, huge) ? 1 : 0;
                }
            }
        }

        return collapsed;
    }

    /// <summary>Makes accessing a page an error from now on: its memory failed. Linux: <c>memory_failure</c>.</summary>
    /// <param name="address">The address.</param>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    public void Poison(Address address)
    {
        using (MmapSem.EnterRead())
        {
            PoisonMapped(address, BaseShift.Expand(AddressRange.Of(address, new Bytes(1))));
        }
    }

    /// <summary>The mapping stays what it is meanwhile.</summary>
    [RequiresShared(nameof(MmapSem), nameof(Users))]
    private void PoisonMapped(Address address, AddressRange page)
    {
        SplitHuge(address, always: true);
        InvalidateRange window = Window(page, InvalidateEvent.Clear);
        Notifiers.Start(window);
        Zap(page);
        if (PageTable.FindOrMake(address, BaseShift, out int index) is { } node)
        {
            using (node.Lock.Enter())
            {
                node.Write(index, Pte.Poisoned);
            }
        }

        Notifiers.End(window);
    }

    [Requires("Locking.VirtualLocks.Reclaim")]
    private int ReclaimRun(PteRun run, bool isBlockable)
    {
        InvalidateRange window = Window(run.Range, InvalidateEvent.Clear, isBlockable: isBlockable);
        if (Notifiers.Start(window) != NotifierResult.Ok)
        {
            return 0;
        }

        int reclaimed = 0;
        PageTableNode node = run.Node!;
        using (node.Lock.Enter())
        {
            for (int i = run.Index; node.IsLeaf && !node.IsDetached && i < run.Index + run.Count; i++)
            {
                reclaimed += ReclaimEntry(node, i) ? 1 : 0;
            }
        }

        Notifiers.End(window);
        return reclaimed;
    }

    /// <summary>Takes one page away where the entry is its only user. The caller holds the lock of the table.</summary>
    private bool ReclaimEntry(PageTableNode node, int index)
    {
        Pte entry = node.Read(index);
        if (!entry.IsPresent || Memory.PageOf(entry.Frame) is not { IsZeroPage: false, Device: null } page || page.IsLocked)
        {
            return false;
        }

        bool isFile = page.File is not null;
        if (page.Mappings != 1 || page.References != (isFile ? 2 : 1))
        {
            return false;
        }

        ulong? slot = isFile ? null : Machine.Swap.Store(page.Data);
        if (!isFile && slot is null)
        {
            return false;
        }

        node.Write(index, slot is { } stored ? Pte.Of(PteKind.Swap, stored).SoftDirtyAs(entry) : Pte.None);
        Drop(entry, BaseShift);
        return true;
    }

    /// <summary>Moves what can be moved: the entry says migration, the page is copied, the entry says the copy.</summary>
    [RequiresShared(nameof(MmapSem), nameof(Users))]
    private int MigrateTo(AddressRange range, int node)
    {
        int moved = 0;
        SplitAll(range);
        AddressRange pages = BaseShift.Expand(range);
        for (Address at = pages.Start; at < pages.End; at += BaseShift.Size)
        {
            moved += MigrateOne(at, node) ? 1 : 0;
        }

        return moved;
    }

    private bool MigrateOne(Address address, int node)
    {
        PageTableNode table = PageTable.Find(address, out int index);
        Pte entry = table.Read(index);
        if (!table.IsLeaf || !entry.IsPresent || Memory.PageOf(entry.Frame) is not { IsZeroPage: false, Device: null, File: null } page || page.Node == node)
        {
            return false;
        }

        if (!page.TryLock())
        {
            return false;
        }

        Pte migration = entry.As(PteKind.Migration);
        InvalidateRange window = Window(AddressRange.Of(address, BaseShift.Size), InvalidateEvent.Migrate);
        Notifiers.Start(window);
        bool isIsolated = Replace(table, index, entry, migration, () => TryIsolate(page));
        SchedulePoint.Reach("migration");
        Notifiers.End(window);
        Page? copy = isIsolated ? Memory.Allocate(node) : null;
        bool isMoved = isIsolated && FinishMove(table, index, migration, page, copy);
        page.Unlock();
        if (isMoved)
        {
            Drop(entry, BaseShift);
        }

        if (isIsolated)
        {
            page.Put();
        }

        return isMoved;
    }

    /// <summary>Takes a reference on a page that only one entry uses: nobody else will come, since the entry says migration from now on.</summary>
    private static bool TryIsolate(Page page)
    {
        bool isAlone = page.Mappings == 1 && page.References == 1;
        if (isAlone)
        {
            page.Get();
        }

        return isAlone;
    }

    /// <summary>The entry says the copy; false, and back as it was, without one. An entry that went meanwhile took its page with it.</summary>
    private bool FinishMove(PageTableNode table, int index, Pte migration, Page page, Page? copy)
    {
        if (copy is null)
        {
            Replace(table, index, migration, migration.As(PteKind.Present), () => true);
            return false;
        }

        page.Data.CopyTo(copy.Data);
        return Install(table, index, migration, Pte.Present(copy.Frame, migration.IsWritable, isDirty: true).SoftDirtyAs(migration), copy);
    }

    private static bool Replace(PageTableNode table, int index, Pte expected, Pte entry, System.Func<bool> condition)
    {
        using (table.Lock.Enter())
        {
            bool isDone = table.Still(index, expected) && condition();
            if (isDone)
            {
                table.Write(index, entry);
            }

            return isDone;
        }
    }

    [Requires(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    private bool CollapseOne(Vma vma, AddressRange huge)
    {
        PageTableNode child = PageTable.Find(huge.Start, out _);
        if (!child.IsLeaf || Memory.AllocateBlocks(PageShift.Huge.PagesOf(BaseShift), Node) is not { } pages)
        {
            return false;
        }

        PageTableNode above = PageTable.FindAbove(huge.Start, PageShift.Huge, out int slot);
        InvalidateRange window = Window(huge, InvalidateEvent.Clear);
        Notifiers.Start(window);
        var old = new Pte[child.Length];
        bool isDone;
        using (above.Lock.Enter())
        {
            using (child.Lock.Enter(s_below))
            {
                isDone = IsCollapsible(child);
                for (int i = 0; isDone && i < old.Length; i++)
                {
                    old[i] = child.Read(i);
                    Memory.PageOf(old[i].Frame).Data.CopyTo(pages[i].Data);
                    pages[i].AddMapping();
                }

                if (isDone)
                {
                    above.Detach(slot, child, Pte.Present(pages[0].Frame, vma.Is(VmaFlags.Write), isDirty: true).SoftDirty());
                }
            }
        }

        Notifiers.End(window);
        System.Array.ForEach(pages, page => { if (!isDone) { page.Put(); } });
        System.Array.ForEach(old, entry => Drop(entry, BaseShift));
        return isDone;
    }

    private bool IsCollapsible(PageTableNode leaf)
    {
        for (int i = 0; i < leaf.Length; i++)
        {
            Pte entry = leaf.Read(i);
            if (!entry.IsPresent || Memory.PageOf(entry.Frame) is not { IsZeroPage: false, Device: null, File: null, Mappings: 1, References: 1 })
            {
                return false;
            }
        }

        return true;
    }
}
