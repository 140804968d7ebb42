// An address space: what the process itself does with its memory.
using System;
using System.Collections.Generic;

namespace Locking.Mirror;

public sealed partial class AddressSpace
{
    /// <summary>Reads as the process does: faults what is missing. Every access of a program goes this way.</summary>
    /// <param name="address">Where.</param>
    /// <param name="data">What was read; whole pages before a failure are.</param>
    /// <returns>Ok, Fault or NoMemory.</returns>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    public MmResult CpuRead(Address address, Span<byte> data)
    {
        while (!data.IsEmpty)
        {
            int length = PartInPage(address, data.Length);
            MmResult result;
            while ((result = TryAccess(address, data[..length], default)) == MmResult.Again)
            {
                if (CpuFault(address, FaultFlags.Read) is var failure && failure != MmResult.Ok)
                {
                    return failure;
                }
            }

            if (result != MmResult.Ok)
            {
                return result;
            }

            address += new Bytes((ulong)length);
            data = data[length..];
        }

        return MmResult.Ok;
    }

    /// <summary>Writes as the process does: faults what is missing, copies what is shared.</summary>
    /// <param name="address">Where.</param>
    /// <param name="data">What; whole pages before a failure are written.</param>
    /// <returns>Ok, Fault or NoMemory.</returns>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    public MmResult CpuWrite(Address address, ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            int length = PartInPage(address, data.Length);
            MmResult result;
            while ((result = TryAccess(address, default, data[..length])) == MmResult.Again)
            {
                if (CpuFault(address, FaultFlags.Write) is var failure && failure != MmResult.Ok)
                {
                    return failure;
                }
            }

            if (result != MmResult.Ok)
            {
                return result;
            }

            address += new Bytes((ulong)length);
            data = data[length..];
        }

        return MmResult.Ok;
    }

    /// <summary>Finds pages, faulting them in, with a reference on each that is the caller's. Linux: <c>get_user_pages</c>.</summary>
    /// <param name="range">The addresses, aligned to pages.</param>
    /// <param name="isWrite">Whether they will be written.</param>
    /// <param name="pages">One page for each base page; empty on failure.</param>
    /// <param name="isLongTerm">Whether they are kept for long, which device memory does not allow. Linux: <c>FOLL_LONGTERM</c>.</param>
    /// <returns>Ok, Invalid, Fault, NoMemory.</returns>
    [RequiresShared(nameof(MmapSem), nameof(Users))]
    [MayBlock]
    public MmResult GetUserPages(AddressRange range, bool isWrite, List<Page> pages, bool isLongTerm = false)
    {
        ArgumentNullException.ThrowIfNull(pages);
        MmResult result = IsAligned(range, BaseShift) ? MmResult.Ok : MmResult.Invalid;
        for (Address at = range.Start; at < range.End && result == MmResult.Ok; at += BaseShift.Size)
        {
            result = GetUserPage(at, isWrite, isLongTerm, pages);
        }

        if (result != MmResult.Ok)
        {
            pages.ForEach(page => page.Put());
            pages.Clear();
        }

        return result;
    }

    /// <summary>Inserts a page into a mapping for drivers' own pages. Linux: <c>vm_insert_page</c>.</summary>
    /// <param name="address">Where.</param>
    /// <param name="page">The page; null for an entry without one, which nobody may mirror.</param>
    /// <returns>Ok, Fault (no such mapping), Busy (something is there), NoMemory.</returns>
    [RequiresShared(nameof(MmapSem), nameof(Users))]
    public MmResult InsertPage(Address address, Page? page)
    {
        if (VmaAt(address) is not { } vma || !vma.Is(VmaFlags.MixedMap | VmaFlags.NotMirrored))
        {
            return MmResult.Fault;
        }

        if (PageTable.FindOrMake(address, BaseShift, out int index) is not { IsLeaf: true } node)
        {
            return MmResult.NoMemory;
        }

        // A private mapping keeps the driver's page and copies it at the first write.
        bool isWritable = vma.Is(VmaFlags.Write) && !vma.IsPrivate;
        page?.Get();
        using (node.Lock.Enter())
        {
            if (node.Still(index, Pte.None))
            {
                page?.AddMapping();
                node.Write(index, page is null ? Pte.Of(PteKind.Special, 0, isWritable) : Pte.Present(page.Frame, isWritable));
                return MmResult.Ok;
            }
        }

        page?.Put();
        return MmResult.Busy;
    }

    private int PartInPage(Address address, int length) =>
        (int)Math.Min((ulong)length, BaseShift.Size.Value - BaseShift.OffsetOf(address).Value);

    /// <summary>Copies within a page under the lock of its table, so that nobody takes the page away meanwhile; Again where it must be faulted first.</summary>
    private MmResult TryAccess(Address address, Span<byte> read, ReadOnlySpan<byte> write)
    {
        Users.AssertOwned();
        if (address >= Address.Limit)
        {
            return MmResult.Fault;
        }

        PageTableNode node = PageTable.Find(address, out int index);
        using (node.Lock.Enter())
        {
            Pte entry = node.Read(index);
            if (entry.Kind == PteKind.Special)
            {
                return MmResult.Fault;
            }

            if (!node.IsSlot(index) || !entry.IsPresent || (write.Length > 0 && !entry.IsWritable))
            {
                return MmResult.Again;
            }

            Span<byte> content = PageIn(entry, node.Shift, address).Data[(int)BaseShift.OffsetOf(address).Value..];
            content[..read.Length].CopyTo(read);
            write.CopyTo(content);
            if (write.Length > 0 && !entry.IsDirty)
            {
                node.Write(index, entry.Dirty());
            }
        }

        return MmResult.Ok;
    }

    private Page PageIn(Pte entry, PageShift shift, Address address) =>
        Memory.PageOf(entry.Frame + (shift.OffsetOf(address).Value >> BaseShift.Value));

    private MmResult CpuFault(Address address, FaultFlags flags)
    {
        using (MmapSem.EnterRead())
        {
            return FaultAt(address, flags);
        }
    }

    /// <summary>Checks the rights and handles the fault. The semaphore stays held.</summary>
    [RequiresShared(nameof(MmapSem), nameof(Users))]
    private MmResult FaultAt(Address address, FaultFlags flags)
    {
        VmaFlags needed = (flags & FaultFlags.Write) != 0 ? VmaFlags.Write : VmaFlags.Read;
        if (VmaAt(address) is not { } vma || !vma.Is(needed))
        {
            return MmResult.Fault;
        }

        return HandleFault(vma, address, flags) switch
        {
            FaultResult.Ok => MmResult.Ok,
            FaultResult.NoMemory => MmResult.NoMemory,
            _ => MmResult.Fault,
        };
    }

    [RequiresShared(nameof(MmapSem), nameof(Users))]
    [MayBlock]
    private MmResult GetUserPage(Address address, bool isWrite, bool isLongTerm, List<Page> pages)
    {
        while (true)
        {
            PageTableNode node = PageTable.Find(address, out int index);
            Page? device = null;
            using (node.Lock.Enter())
            {
                Pte entry = node.Read(index);
                if (node.IsSlot(index) && entry.IsPresent && (!isWrite || entry.IsWritable))
                {
                    Page page = PageIn(entry, node.Shift, address);
                    page.Get();
                    if (page.Device is null || !isLongTerm)
                    {
                        pages.Add(page);
                        return MmResult.Ok;
                    }

                    device = page;
                }
            }

            // Kept for long, a device page must move to system memory first.
            MmResult result = device is null ? FaultAt(address, isWrite ? FaultFlags.Write : FaultFlags.Read) : device.Device!.CallMigrateToRam(new DeviceFault(this, address, device));
            device?.Put();
            if (result != MmResult.Ok)
            {
                return result;
            }
        }
    }
}
