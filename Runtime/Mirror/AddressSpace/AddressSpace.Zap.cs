// An address space: taking entries away, protecting and moving them, splitting huge ones.
using System.Collections.Generic;

namespace Locking.Mirror;

public sealed partial class AddressSpace
{
    /// <summary>Takes every entry of a range away and frees what only it referred to, inside a window.</summary>
    [RequiresShared(nameof(MmapSem), nameof(Users))]
    private void ZapInWindow(AddressRange range, InvalidateEvent why)
    {
        SplitAt(range);
        InvalidateRange window = Window(range, why);
        Notifiers.Start(window);
        Zap(range);
        Notifiers.End(window);
    }

    /// <summary>Takes the pages of a file away from an offset on, private copies included. Linux: <c>unmap_mapping_range</c>.</summary>
    [MayBlock]
    internal void Truncate(MemoryFile file, Bytes kept)
    {
        if (!Users.TryGet())
        {
            return;
        }

        try
        {
            using (MmapSem.EnterWrite())
            {
                foreach (Vma vma in VmasIn(AddressRange.All))
                {
                    Bytes before = kept - Bytes.Min(kept, vma.Offset);
                    if (vma.File == file && before < vma.Range.Length)
                    {
                        ZapInWindow(new AddressRange(vma.Range.Start + before, vma.Range.End), InvalidateEvent.Clear);
                    }
                }
            }
        }
        finally
        {
            Users.PutAsync();
        }
    }

    private InvalidateRange Window(AddressRange range, InvalidateEvent why, object? owner = null, bool isBlockable = true) =>
        new(this, range, why, isBlockable, owner);

    /// <summary>Takes every entry of a range away. The caller has a window, or is the last user.</summary>
    [RequiresShared(nameof(Users))]
    private void Zap(AddressRange range)
    {
        var gone = new List<(Pte Entry, PageShift Shift)>();
        foreach (PteRun run in PageTable.Runs(range))
        {
            if (run.Node is not { } node)
            {
                continue;
            }

            using (node.Lock.Enter())
            {
                for (int i = run.Index; i < run.Index + run.Count; i++)
                {
                    Pte entry = node.Read(i);
                    if (!entry.IsNone && node.IsSlot(i))
                    {
                        node.Write(i, Pte.None);
                        gone.Add((entry, node.Shift));
                    }
                }
            }

            // Outside the lock: the last reference of a device page calls its driver.
            gone.ForEach(item => Drop(item.Entry, item.Shift));
            gone.Clear();
        }
    }

    /// <summary>An entry is gone: dirties, unmaps and puts its pages, or frees its place in swap. Linux: the loop of <c>zap_pte_range</c>.</summary>
    private void Drop(Pte entry, PageShift shift)
    {
        if (entry.Kind == PteKind.Swap)
        {
            Machine.Swap.Free(entry.Slot);
        }
        else if (entry.HasPage)
        {
            long count = shift.PagesOf(BaseShift).Value;
            for (long i = 0; i < count; i++)
            {
                Page page = Memory.PageOf(entry.Frame + (ulong)i);
                if (entry.IsDirty)
                {
                    page.SetDirty();
                }

                page.RemoveMapping();
                page.Put();
            }
        }
    }

    /// <summary>Splits the huge entries that the ends of a range cut.</summary>
    [RequiresShared(nameof(Users))]
    private void SplitAt(AddressRange range)
    {
        SplitHuge(range.Start);
        if (range.End < Address.Limit)
        {
            SplitHuge(range.End);
        }
    }

    /// <summary>
    /// Makes base entries of a huge one that begins before an address and ends behind it. Pages keep their counts, since each counts alone. Cannot
    /// fail: the table is taken to be put aside when the huge entry is made. Linux: <c>split_huge_pmd</c>.
    /// </summary>
    [RequiresShared(nameof(Users))]
    private void SplitHuge(Address address, bool always = false)
    {
        PageTableNode node = PageTable.Find(address, out int index);
        if (node.Shift != PageShift.Huge || node.Read(index).IsNone || (!always && PageShift.Huge.IsAligned(address)))
        {
            return;
        }

        InvalidateRange window = Window(PageShift.Huge.Expand(AddressRange.Of(address, new Bytes(1))), InvalidateEvent.Clear);
        Notifiers.Start(window);
        PageTableNode child = PageTable.MakeBelow(node);
        using (node.Lock.Enter())
        {
            if (node.IsSlot(index) && node.Read(index) is { IsNone: false } entry)
            {
                using (child.Lock.Enter(s_below))
                {
                    for (int i = 0; i < child.Length; i++)
                    {
                        child.Write(i, entry.Plus((ulong)i));
                    }
                }

                node.Attach(index, child);
            }
        }

        Notifiers.End(window);
    }

    /// <summary>Splits every huge entry that a range touches, but those of the pool.</summary>
    [RequiresShared(nameof(Users))]
    private void SplitAll(AddressRange range)
    {
        foreach (PteRun run in PageTable.Runs(BaseShift.Expand(range)))
        {
            if (run.IsHuge)
            {
                SplitHuge(run.Range.Start, always: true);
            }
        }
    }

    /// <summary>The table below is locked inside the one above.</summary>
    private static readonly LockNesting s_below = LockClass.Named("page_table_lock").Subclass(1, "below");

    /// <summary>Protects a mapping anew, entries included. Linux: <c>change_protection</c>.</summary>
    [Requires(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    private void ProtectVma(Vma vma, VmaFlags access)
    {
        AddressRange range = vma.Range;
        SplitAt(range);
        InvalidateRange window = Window(range, InvalidateEvent.ProtectionVma);
        Notifiers.Start(window);
        vma.Flags = (vma.Flags & ~VmaFlags.Access) | access;
        bool isReadable = (access & VmaFlags.Read) != 0;
        ChangeEntries(range, entry => entry.Kind switch
        {
            // More rights come with the next fault; here rights only go.
            PteKind.Present when !isReadable => entry.ReadOnly().As(PteKind.ProtNone),
            PteKind.Present or PteKind.DevicePrivate or PteKind.ProtNone when (access & VmaFlags.Write) == 0 => entry.ReadOnly(),
            _ => entry,
        });
        Notifiers.End(window);
    }

    /// <summary>Changes entries in place, each under the lock of its table. The caller has a window.</summary>
    [RequiresShared(nameof(Users))]
    private void ChangeEntries(AddressRange range, System.Func<Pte, Pte> change)
    {
        foreach (PteRun run in PageTable.Runs(range))
        {
            if (run.Node is not { } node)
            {
                continue;
            }

            using (node.Lock.Enter())
            {
                for (int i = run.Index; i < run.Index + run.Count; i++)
                {
                    Pte entry = node.Read(i);
                    if (!entry.IsNone && node.IsSlot(i))
                    {
                        node.Write(i, change(entry));
                    }
                }
            }
        }
    }

    /// <summary>Makes the tables that the pages of a range need elsewhere; false where there is no memory, and nothing has moved yet.</summary>
    [Requires(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    private bool MakeTables(AddressRange from, Address to)
    {
        SplitAll(from);
        foreach (PteRun run in PageTable.Runs(from))
        {
            // What one table has may need two where the distance is no multiple of what a table covers.
            Address first = to + (run.Range.Start - from.Start), last = to + (run.Range.End - from.Start - BaseShift.Size);
            if (run.Node is not null && (PageTable.FindOrMake(first, BaseShift, out _) is null || PageTable.FindOrMake(last, BaseShift, out _) is null))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Moves the entries of a range to where there are tables for them. Linux: <c>move_page_tables</c>.</summary>
    [Requires(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    private void MovePages(AddressRange from, Address to)
    {
        InvalidateRange window = Window(from, InvalidateEvent.Unmap);
        Notifiers.Start(window);
        for (Address at = from.Start; at < from.End; at += BaseShift.Size)
        {
            MoveEntry(at, to + (at - from.Start));
        }

        Notifiers.End(window);
    }

    [Requires(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    private void MoveEntry(Address from, Address to)
    {
        PageTableNode source = PageTable.Find(from, out int at);
        if (!source.IsLeaf || source.Read(at).IsNone)
        {
            return;
        }

        PageTableNode target = PageTable.Find(to, out int index);
        Pte entry;
        using (source.Lock.Enter())
        {
            entry = source.Read(at);
            source.Write(at, Pte.None);
        }

        using (target.Lock.Enter())
        {
            target.Write(index, entry.SoftDirty());
        }
    }
}
