// An address space: populating what is accessed.
using System;
using System.Threading;

namespace Locking.Mirror;

public sealed partial class AddressSpace
{
    /// <summary>
    /// Makes one access possible, as far as it gets in one step: after Ok the caller looks again. May open windows in this thread, so nothing
    /// that a notifier takes may be held (R44). The caller has checked the rights of the mapping. Linux: <c>handle_mm_fault</c>.
    /// </summary>
    /// <param name="vma">The mapping.</param>
    /// <param name="address">The address.</param>
    /// <param name="flags">The access. With AllowRetry it does not wait for a migration: the caller releases the semaphore first (R46).</param>
    [RequiresShared(nameof(MmapSem), nameof(Users))]
    [MayBlock]
    internal FaultResult HandleFault(Vma vma, Address address, FaultFlags flags)
    {
        AssertWalk();
        VirtualLocks.InvalidateWindow.MightAcquire();
        Lockdep.MightAllocate();
        SchedulePoint.Reach("fault");
        if (SchedulePoint.Fails("fault"))
        {
            return FaultResult.NoMemory;
        }

        bool isWrite = (flags & FaultFlags.Write) != 0;
        PageTableNode node = PageTable.Find(address, out int index);
        Pte entry = node.Read(index);
        if (entry.IsNone && (!node.IsLeaf || vma.Is(VmaFlags.HugeTlb)))
        {
            return node.Child(index) is null ? Populate(vma, address, isWrite) : FaultResult.Ok;
        }

        return entry.Kind switch
        {
            PteKind.None => Populate(vma, address, isWrite),
            PteKind.Present => isWrite && !entry.IsWritable ? WriteFault(vma, address, node, index, entry) : FaultResult.Ok,
            PteKind.ProtNone => HintFault(vma, address, node, index, entry),
            PteKind.Swap => SwapIn(vma, node, index, entry),
            PteKind.Migration when (flags & FaultFlags.AllowRetry) != 0 => FaultResult.Retry,
            PteKind.Migration => AwaitMigration(entry),
            PteKind.DevicePrivate => MigrateBack(address, node, index, entry),
            PteKind.DeviceExclusive => RestoreExclusive(address, node, index, entry),
            PteKind.Special => isWrite && !entry.IsWritable ? FaultResult.Error : FaultResult.Ok,
            _ => FaultResult.Error,
        };
    }

    private FaultResult Populate(Vma vma, Address address, bool isWrite)
    {
        if (vma.Is(VmaFlags.HugeTlb))
        {
            PageTable.Prune(address, vma.ShiftOf(BaseShift));
            return PopulateHuge(vma, address, vma.ShiftOf(BaseShift));
        }

        if (vma.Is(VmaFlags.HugeAdvice) && vma.IsAnonymous && vma.IsPrivate
            && vma.Range.Contains(PageShift.Huge.Expand(AddressRange.Of(address, new Bytes(1))))
            && PageTable.Find(address, out int at) is var above && above.Shift.Value >= PageShift.Huge.Value && above.Child(at) is null
            && PopulateHuge(vma, address, PageShift.Huge) == FaultResult.Ok)
        {
            return FaultResult.Ok;
        }

        if (PageTable.FindOrMake(address, BaseShift, out int index) is not { } node)
        {
            return FaultResult.NoMemory;
        }

        return node.IsLeaf ? PopulateBase(vma, address, isWrite, node, index) : FaultResult.Ok;
    }

    private FaultResult PopulateBase(Vma vma, Address address, bool isWrite, PageTableNode node, int index)
    {
        bool isCopied = isWrite && vma.IsPrivate;
        bool isBehindEnd = false;
        Page? source = vma.File is { } file ? file.GetPage(vma.FileIndex(address, BaseShift), out isBehindEnd) : isWrite ? null : Memory.ZeroPage;
        if (isBehindEnd)
        {
            return FaultResult.Error;
        }

        Page? page = isCopied ? Memory.Allocate(Node) : source;
        if (page is null)
        {
            source?.Put();
            return FaultResult.NoMemory;
        }

        if (isCopied && source is not null)
        {
            source.Data.CopyTo(page.Data);
            source.Put();
        }

        Install(node, index, Pte.None, Pte.Present(page.Frame, isWrite && vma.Is(VmaFlags.Write), isWrite), page);
        return FaultResult.Ok;
    }

    /// <summary>Gives one page to a slot that still says what it said; else puts the page.</summary>
    private static bool Install(PageTableNode node, int index, Pte expected, Pte entry, Page page)
    {
        using (node.Lock.Enter())
        {
            if (node.Still(index, expected))
            {
                page.AddMapping();
                node.Write(index, entry);
                return true;
            }
        }

        page.Put();
        return false;
    }

    private FaultResult PopulateHuge(Vma vma, Address address, PageShift shift)
    {
        if (PageTable.FindOrMake(address, shift, out int index) is not { } node || Memory.AllocateBlocks(shift.PagesOf(BaseShift), Node) is not { } pages)
        {
            return FaultResult.NoMemory;
        }

        using (node.Lock.Enter())
        {
            if (node.Shift == shift && node.Still(index, Pte.None))
            {
                Array.ForEach(pages, page => page.AddMapping());
                node.Write(index, Pte.Present(pages[0].Frame, vma.Is(VmaFlags.Write), isDirty: true));
                return FaultResult.Ok;
            }
        }

        Array.ForEach(pages, page => page.Put());
        return FaultResult.Ok;
    }

    /// <summary>A write to a page that may be read only. Linux: <c>do_wp_page</c>.</summary>
    private FaultResult WriteFault(Vma vma, Address address, PageTableNode node, int index, Pte entry)
    {
        if (!node.IsLeaf && !vma.Is(VmaFlags.HugeTlb))
        {
            if (!TryReuse(vma, node, index, entry))
            {
                SplitHuge(address, always: true);
            }

            return FaultResult.Ok;
        }

        return TryReuse(vma, node, index, entry) ? FaultResult.Ok : CopyOnWrite(address, node, index, entry);
    }

    /// <summary>Makes an entry writable in place where nobody else has the page, or all are meant to see the write.</summary>
    private bool TryReuse(Vma vma, PageTableNode node, int index, Pte entry)
    {
        using (node.Lock.Enter())
        {
            if (!node.Still(index, entry))
            {
                return true;
            }

            long count = node.Shift.PagesOf(BaseShift).Value;
            for (long i = 0; i < count && vma.IsPrivate; i++)
            {
                Page page = Memory.PageOf(entry.Frame + (ulong)i);
                if (page.IsZeroPage || page.File is not null || page.References != 1)
                {
                    return false;
                }
            }

            node.Write(index, entry.Writable());
            return true;
        }
    }

    /// <summary>Replaces a shared page by a copy, inside a window of the faulting thread. Linux: <c>wp_page_copy</c>.</summary>
    private FaultResult CopyOnWrite(Address address, PageTableNode node, int index, Pte entry)
    {
        Page[]? copies = node.IsLeaf
            ? Memory.Allocate(Node) is { } page ? [page] : null
            : Memory.AllocateBlocks(node.Shift.PagesOf(BaseShift), Node);
        if (copies is null)
        {
            return FaultResult.NoMemory;
        }

        InvalidateRange window = Window(node.Shift.Expand(AddressRange.Of(address, new Bytes(1))), InvalidateEvent.Clear);
        Notifiers.Start(window);
        bool isReplaced = false;
        using (node.Lock.Enter())
        {
            if (node.Still(index, entry))
            {
                for (int i = 0; i < copies.Length; i++)
                {
                    Memory.PageOf(entry.Frame + (ulong)i).Data.CopyTo(copies[i].Data);
                    copies[i].AddMapping();
                }

                node.Write(index, Pte.Present(copies[0].Frame, isWritable: true, isDirty: true));
                isReplaced = true;
            }
        }

        Notifiers.End(window);
        if (isReplaced)
        {
            Drop(entry, node.Shift);
        }
        else
        {
            Array.ForEach(copies, copy => copy.Put());
        }

        return FaultResult.Ok;
    }

    /// <summary>The entry only hid its page to see who touches it. Linux: <c>do_numa_page</c>.</summary>
    private FaultResult HintFault(Vma vma, Address address, PageTableNode node, int index, Pte entry)
    {
        using (node.Lock.Enter())
        {
            if (node.Still(index, entry))
            {
                node.Write(index, entry.As(PteKind.Present));
            }
        }

        Page page = Memory.PageOf(entry.Frame);
        if (page.Node != Node && node.IsLeaf && vma.IsAnonymous)
        {
            MigrateTo(AddressRange.Of(address, new Bytes(1)), Node);
        }

        return FaultResult.Ok;
    }

    private FaultResult SwapIn(Vma vma, PageTableNode node, int index, Pte entry)
    {
        if (Memory.Allocate(Node) is not { } page)
        {
            return FaultResult.NoMemory;
        }

        using (node.Lock.Enter())
        {
            if (node.Still(index, entry))
            {
                Machine.Swap.Read(entry.Slot, page.Data);
                page.AddMapping();
                node.Write(index, Pte.Present(page.Frame, vma.Is(VmaFlags.Write) && entry.IsSoftDirty, isDirty: true).SoftDirtyAs(entry));
                Machine.Swap.Free(entry.Slot);
                return FaultResult.Ok;
            }
        }

        page.Put();
        return FaultResult.Ok;
    }

    /// <summary>Waits for the migration of a page, after a fault that answered Retry.</summary>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    internal void AwaitMigration(Address address)
    {
        Pte entry = PageTable.Find(address, out int index).Read(index);
        if (entry.Kind == PteKind.Migration)
        {
            AwaitMigration(entry);
        }
    }

    private FaultResult AwaitMigration(Pte entry)
    {
        Memory.PageOf(entry.Frame).WaitUnlocked();
        return FaultResult.Ok;
    }

    private FaultResult MigrateBack(Address address, PageTableNode node, int index, Pte entry)
    {
        Page? page = Memory.PageOf(entry.Frame);
        using (node.Lock.Enter())
        {
            if (!node.Still(index, entry))
            {
                return FaultResult.Ok;
            }

            if (page.References != page.Mappings)
            {
                // Another processor faults on it: its migration must not find a second reference, and this one looks again.
                page = null;
            }

            page?.Get();
        }

        if (page is null)
        {
            Thread.Yield();
            return FaultResult.Ok;
        }

        try
        {
            var start = new Address(address.Value & ~(BaseShift.Size.Value - 1));
            return page.Device!.CallMigrateToRam(new DeviceFault(this, start, page)) switch
            {
                MmResult.Ok => FaultResult.Ok,
                MmResult.NoMemory => FaultResult.NoMemory,
                _ => FaultResult.Error,
            };
        }
        catch (Exception e) when (e is not LockdepException)
        {
            MirrorProtocol.CallbackThrew("MigrateToRam", e);
            return FaultResult.Error;
        }
        finally
        {
            page.Put();
        }
    }

    /// <summary>Takes a page back from the device that uses it alone. Linux: <c>remove_device_exclusive_entry</c>.</summary>
    private FaultResult RestoreExclusive(Address address, PageTableNode node, int index, Pte entry)
    {
        InvalidateRange window = Window(BaseShift.Expand(AddressRange.Of(address, new Bytes(1))), InvalidateEvent.Exclusive);
        Notifiers.Start(window);
        using (node.Lock.Enter())
        {
            if (node.Still(index, entry))
            {
                node.Write(index, entry.As(PteKind.Present));
            }
        }

        Notifiers.End(window);
        return FaultResult.Ok;
    }
}
