// An address space: pages that go to a device and come back.
using System;
using System.Collections.Generic;

namespace Locking.Mirror;

public sealed partial class AddressSpace
{
    /// <summary>
    /// Gives pages to a device alone: the processor's next access takes them back, after a window with the event Exclusive. Linux:
    /// <c>make_device_exclusive_range</c>.
    /// </summary>
    /// <param name="range">The addresses, aligned to pages.</param>
    /// <param name="owner">Who gets them; told to notifiers with the window.</param>
    /// <param name="pages">For each base page the page, locked and with a reference of the caller's; null where it could not be had.</param>
    /// <returns>Ok, or why the whole range cannot be had: Invalid, Fault, NoMemory. Then there are no pages.</returns>
    [RequiresShared(nameof(MmapSem), nameof(Users))]
    [MayBlock]
    public MmResult MakeDeviceExclusive(AddressRange range, object owner, List<Page?> pages)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(pages);
        var found = new List<Page>();
        MmResult result = GetUserPages(range, isWrite: true, found);
        if (result != MmResult.Ok)
        {
            return result;
        }

        SplitAll(range);
        InvalidateRange window = Window(range, InvalidateEvent.Exclusive, owner);
        Notifiers.Start(window);
        for (int i = 0; i < found.Count; i++)
        {
            Page page = found[i];
            bool isHad = page is { File: null, Device: null } && page.TryLock();
            if (isHad && !TryMakeExclusive(range.Start + BaseShift.ToBytes(new BasePages(i)), page))
            {
                page.Unlock();
                isHad = false;
            }

            pages.Add(isHad ? page : null);
            if (!isHad)
            {
                page.Put();
            }
        }

        Notifiers.End(window);
        return MmResult.Ok;
    }

    internal InvalidateRange BeginMigration(AddressRange range, object owner)
    {
        SplitAll(range);
        InvalidateRange window = Window(range, InvalidateEvent.Migrate, owner);
        Notifiers.Start(window);
        return window;
    }

    /// <summary>Takes a page out of the page table, locked and with a reference, so that it can be moved. Linux: <c>migrate_vma_collect_pmd</c>.</summary>
    internal MigrateEntry Isolate(Vma vma, Address address, MigrateSelect select, object owner, Page? faultPage)
    {
        PageTableNode node = PageTable.Find(address, out int index);
        using (node.Lock.Enter())
        {
            Pte entry = node.IsSlot(index) ? node.Read(index) : Pte.Poisoned;
            if (entry.IsNone || entry is { IsPresent: true, Frame: 0 })
            {
                return vma.IsAnonymous && (select & MigrateSelect.System) != 0 ? new MigrateEntry(null, true, vma.Is(VmaFlags.Write)) : MigrateEntry.None;
            }

            if (!node.IsLeaf || !Selects(select, entry, owner) || Memory.PageOf(entry.Frame) is not { File: null } page)
            {
                return MigrateEntry.None;
            }

            // Whoever else has a reference may use the page at any moment; entries of other address spaces may not, they are read-only.
            if (page.References != page.Mappings + (page == faultPage ? 1 : 0) || !page.TryLock())
            {
                return MigrateEntry.None;
            }

            page.Get();
            node.Write(index, entry.As(PteKind.Migration));
            return new MigrateEntry(page, true, entry.IsWritable);
        }
    }

    /// <summary>Puts a page where none was; false where somebody was faster. The reference goes to the entry.</summary>
    internal bool InsertMigrated(Address address, Page page, bool isWritable)
    {
        if (page.Device is { Kind: DeviceMemoryKind.Private } && VmaAt(address) is not { IsAnonymous: true })
        {
            return false;
        }

        if (PageTable.FindOrMake(address, BaseShift, out int index) is not { IsLeaf: true } node)
        {
            return false;
        }

        using (node.Lock.Enter())
        {
            Pte old = node.Read(index);
            if (!node.IsSlot(index) || !(old.IsNone || old is { IsPresent: true, Frame: 0 }))
            {
                return false;
            }

            page.AddMapping();
            node.Write(index, Arrived(page, isWritable && VmaAt(address)!.Is(VmaFlags.Write)));
            return true;
        }
    }

    /// <summary>The end of a page's migration: the entry says the new page, or the old one again. False where the new one is not used.</summary>
    internal bool Arrive(Address address, Page from, Page? to, bool isWritable)
    {
        PageTableNode node = PageTable.Find(address, out int index);
        Pte entry;
        using (node.Lock.Enter())
        {
            entry = node.Read(index);
            if (!node.IsSlot(index) || entry.Kind != PteKind.Migration || entry.Frame != from.Frame)
            {
                return false;
            }

            to?.AddMapping();
            node.Write(index, (to is null ? Arrived(from, entry.IsWritable) : Arrived(to, isWritable && entry.IsWritable)).SoftDirtyAs(entry));
        }

        if (to is not null)
        {
            Drop(entry, BaseShift);
        }

        return to is not null;
    }

    /// <summary>Migrates pages of a device's memory back, as a processor's accesses would; those that are busy stay.</summary>
    [MayBlock]
    internal void Evict(DeviceMemory memory)
    {
        if (!Users.TryGet())
        {
            return;
        }

        try
        {
            EvictInside(memory);
        }
        finally
        {
            Users.Put();
        }
    }

    [RequiresShared(nameof(Users))]
    [MayBlock]
    private void EvictInside(DeviceMemory memory)
    {
        using (MmapSem.EnterRead())
        {
            var found = new List<Address>();
            foreach (PteRun run in PageTable.Runs(AddressRange.All))
            {
                CollectDevice(run, memory, found);
            }

            found.ForEach(address => EvictOne(address, memory));
        }
    }

    private static bool Selects(MigrateSelect select, Pte entry, object owner, DeviceMemory? device) => device switch
    {
        null => entry.IsPresent && (select & MigrateSelect.System) != 0,
        { Kind: DeviceMemoryKind.Private } => entry.Kind == PteKind.DevicePrivate && (select & MigrateSelect.DevicePrivate) != 0 && device.Owner == owner,
        _ => entry.IsPresent && (select & MigrateSelect.DeviceCoherent) != 0 && device.Owner == owner,
    };

    private static Pte Arrived(Page page, bool isWritable) => page.Device is { Kind: DeviceMemoryKind.Private }
        ? Pte.Of(PteKind.DevicePrivate, page.Frame, isWritable)
        : Pte.Present(page.Frame, isWritable, isDirty: true);

    private bool Selects(MigrateSelect select, Pte entry, object owner) =>
        entry.Kind is PteKind.Present or PteKind.DevicePrivate && Selects(select, entry, owner, Memory.PageOf(entry.Frame).Device);

    private void CollectDevice(PteRun run, DeviceMemory memory, List<Address> found)
    {
        for (int i = 0; run.Node is { IsLeaf: true } node && i < run.Count; i++)
        {
            Pte entry = node.Read(run.Index + i);
            if (entry.Kind is PteKind.Present or PteKind.DevicePrivate && Memory.PageOf(entry.Frame).Device == memory)
            {
                found.Add(run.Range.Start + BaseShift.ToBytes(new BasePages(i)));
            }
        }
    }

    [RequiresShared(nameof(MmapSem), nameof(Users))]
    [MayBlock]
    private void EvictOne(Address address, DeviceMemory memory)
    {
        PageTableNode node = PageTable.Find(address, out int index);
        Page? page = null;
        using (node.Lock.Enter())
        {
            Pte entry = node.Read(index);
            if (node.IsLeaf && node.IsSlot(index) && entry.Kind is PteKind.Present or PteKind.DevicePrivate && Memory.PageOf(entry.Frame) is var found && found.Device == memory && found.References == found.Mappings)
            {
                page = found;
                page.Get();
            }
        }

        if (page is not null)
        {
            memory.CallMigrateToRam(new DeviceFault(this, address, page));
            page.Put();
        }
    }

    private bool TryMakeExclusive(Address address, Page page)
    {
        PageTableNode node = PageTable.Find(address, out int index);
        using (node.Lock.Enter())
        {
            Pte entry = node.Read(index);
            bool isStill = node.IsLeaf && node.IsSlot(index) && entry.IsPresent && entry.IsWritable && entry.Frame == page.Frame;
            if (isStill)
            {
                node.Write(index, entry.As(PteKind.DeviceExclusive));
            }

            return isStill;
        }
    }
}
