// Memory that a device faults on demand: pages that are there already.
using System;

namespace Locking.Mirror;

public sealed partial class UmemOdp
{
    /// <summary>
    /// Maps pages that the process has in memory with the rights that are asked for, a table of the process at a time, and without asking for a
    /// fault. Their entries are read under the mutex, after the sequence was found to be current: a window over them cannot change them before its
    /// callback has had the mutex (R37, R38). Linux: none; the idea is that of <c>get_user_pages_fast</c>.
    /// </summary>
    /// <param name="mm">The address space.</param>
    /// <param name="pages">The addresses, aligned to pages.</param>
    /// <param name="access">What the device will do.</param>
    /// <returns>Whether all are mapped; some may be where not.</returns>
    [RequiresShared("mm.Users")]
    [TryAcquires(true, nameof(DriverLock))]
    private bool TryMapResident(AddressSpace mm, AddressRange pages, OdpAccess access)
    {
        if (Shift != mm.BaseShift || DmaMappings.MayFail || !mm.Machine.Has(MirrorFeatures.Mirror))
        {
            return false;
        }

        ReadSequence sequence = ReadBegin();
        SchedulePoint.Reach("R37.resident");
        using (mm.MmapSem.EnterRead())
        {
            if (!IsMirrored(mm, pages))
            {
                return false;
            }

            bool isMapped = false;
            DriverLock.Acquire();
            try
            {
                isMapped = !ReadRetry(sequence) && !IsDying && MapResident(mm, pages, access | OdpAccess.Read);
            }
            finally
            {
                if (!isMapped)
                {
                    DriverLock.Release();
                }
            }

            return isMapped;
        }
    }

    /// <summary>Whether one mapping has the addresses, and may be mirrored.</summary>
    [RequiresShared("mm.MmapSem", "mm.Users")]
    private static bool IsMirrored(AddressSpace mm, AddressRange pages) =>
        mm.VmaAt(pages.Start) is { } vma && vma.Range.Contains(pages) && vma.Is(VmaFlags.Read) && !vma.Is(VmaFlags.NotMirrored);

    [Requires(nameof(DriverLock), "Current")]
    [RequiresShared("mm.MmapSem", "mm.Users")]
    private bool MapResident(AddressSpace mm, AddressRange pages, OdpAccess access)
    {
        OdpAccess rights = IsWritable ? access : OdpAccess.Read;
        foreach (PteRun run in mm.PageTable.Runs(pages))
        {
            if (run.Node is null || !(run.IsHuge ? MapHuge(run, rights) : MapLeaf(run, rights)))
            {
                return false;
            }
        }

        return true;
    }

    [Requires(nameof(DriverLock))]
    private bool MapLeaf(PteRun run, OdpAccess rights)
    {
        UmemPages page = Shift.UmemIndex(Addresses.Start, run.Range.Start);
        UmemPages count = _mapped.AddPresent(page, run.Node!.Entries.AsSpan(run.Index, run.Count), rights, out UmemPages added);
        Count(page, added);
        return count == new UmemPages(run.Count);
    }

    /// <summary>A huge entry of the process is one entry of each block; parts of blocks are left to the fault.</summary>
    [Requires(nameof(DriverLock))]
    private bool MapHuge(PteRun run, OdpAccess rights)
    {
        Pte entry = run.Node!.Read(run.Index);
        if (!EntryVectors.IsPresent(entry.Value, (rights & OdpAccess.Write) != 0))
        {
            return false;
        }

        ulong frame = entry.Frame + (run.Node.Shift.OffsetOf(run.Range.Start).Value >> Shift.Value);
        UmemPages first = Shift.UmemIndex(Addresses.Start, run.Range.Start), end = Shift.UmemIndex(Addresses.Start, run.Range.End);
        for (UmemPages page = first; page < end;)
        {
            ulong address = (frame + (ulong)(page - first).Value) << Shift.Value;
            UmemPages count = _mapped.AddRun(page, end, address | (ulong)rights, out UmemPages added);
            Count(page, added);
            page += count;
            if (count.Value == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Where somebody checks, each page that is mapped has its DMA mapping.</summary>
    [Requires(nameof(DriverLock))]
    private void Count(UmemPages first, UmemPages count)
    {
        MappedPages += count;
        for (UmemPages page = first; _dma.IsRecorded && page < first + count; page++)
        {
            _dma.Map(_dma.PageAt(_mapped[page]), Shift.Size, DmaDirection.Bidirectional);
        }
    }
}
