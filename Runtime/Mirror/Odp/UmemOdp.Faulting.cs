// Memory that a device faults on demand: pages that are faulted first.
using System;
using System.Buffers;

namespace Locking.Mirror;

public sealed partial class UmemOdp
{
    /// <summary>Faults what is missing, and maps what the fault answers.</summary>
    [RequiresShared("Mm.Users")]
    [TryAcquires(true, nameof(DriverLock))]
    private bool TryFault(AddressRange pages, OdpAccess access, bool faults, out OdpResult result)
    {
        int count = (int)Space.BaseShift.BaseIndex(pages.Start, pages.End).Value;
        PfnEntry[] buffer = ArrayPool<PfnEntry>.Shared.Rent(count);
        PfnEntry request = !faults ? default : (access & OdpAccess.Write) != 0 ? PfnEntry.RequestWrite : PfnEntry.RequestRead;
        try
        {
            return TryPopulate(new HmmRange(this, pages, buffer.AsMemory(0, count), request), access, faults, out result);
        }
        finally
        {
            ArrayPool<PfnEntry>.Shared.Return(buffer);
        }
    }

    [RequiresShared("range.Mm.Users")]
    [TryAcquires(true, nameof(DriverLock))]
    private bool TryPopulate(HmmRange range, OdpAccess access, bool faults, out OdpResult result)
    {
        long end = Environment.TickCount64 + (long)HmmRange.DefaultTimeout.TotalMilliseconds;
        int attempts = 0;
        do
        {
            bool isMapped = ++attempts % HmmRange.Patience != 0
                ? TryPopulateOnce(range, access, faults, out result)
                : TryPopulateUndisturbed(range, access, faults, out result);
            if (isMapped)
            {
                return true;
            }
        }
        while (result == OdpResult.Again && Environment.TickCount64 < end);
        return false;
    }

    [RequiresShared("range.Mm.Users")]
    [TryAcquires(true, nameof(DriverLock))]
    private bool TryPopulateOnce(HmmRange range, OdpAccess access, bool faults, out OdpResult result)
    {
        range.Sequence = ReadBegin();
        using (range.Mm.MmapSem.EnterRead())
        {
            result = Translate(range.Fault());
        }

        SchedulePoint.Reach("R37.before-lock");
        return result == OdpResult.Ok && TryMapLocked(range, access, faults, out result);
    }

    /// <summary>The same with windows held back, so that none collides. A migration is not waited for, because it may need a window: that does the next attempt.</summary>
    [RequiresShared("range.Mm.Users")]
    [TryAcquires(true, nameof(DriverLock))]
    private bool TryPopulateUndisturbed(HmmRange range, OdpAccess access, bool faults, out OdpResult result)
    {
        using (range.Mm.MmapSem.EnterRead())
        {
            using (range.Mm.HoldWindows())
            {
                result = Translate(range.FaultUndisturbed());
                SchedulePoint.Reach("R37.held");
                return result == OdpResult.Ok && TryMapLocked(range, access, faults, out result);
            }
        }
    }

    /// <summary>Maps what a fault answered, unless a window came since.</summary>
    [TryAcquires(true, nameof(DriverLock))]
    private bool TryMapLocked(HmmRange range, OdpAccess access, bool faults, out OdpResult result)
    {
        result = OdpResult.NoMemory;
        DriverLock.Acquire();
        try
        {
            result = ReadRetry(range.Sequence) ? OdpResult.Again : IsDying ? OdpResult.Fault : MapPages(range, access, faults);
        }
        finally
        {
            if (result != OdpResult.Ok)
            {
                DriverLock.Release();
            }
        }

        return result == OdpResult.Ok;
    }

    /// <summary>What the layer below says, in the words of this one (R47).</summary>
    private static OdpResult Translate(HmmResult result) => result switch
    {
        HmmResult.Ok => OdpResult.Ok,
        HmmResult.Busy or HmmResult.Again => OdpResult.Again,
        HmmResult.NoMemory => OdpResult.NoMemory,
        HmmResult.Invalid => OdpResult.Invalid,
        HmmResult.NotSupported => OdpResult.NotSupported,
        _ => OdpResult.Fault,
    };

    [Requires(nameof(DriverLock), "Current")]
    private OdpResult MapPages(HmmRange range, OdpAccess access, bool faults)
    {
        ReadOnlySpan<PfnEntry> entries = range.Entries.Span;
        int step = (int)Shift.PagesOf(Space.BaseShift).Value;
        UmemPages first = Shift.UmemIndex(Addresses.Start, range.Range.Start), page = first;
        for (int i = 0; i < entries.Length; i += step, page++)
        {
            PfnEntry entry = entries[i];
            if (!entry.IsValid)
            {
                if (faults)
                {
                    return OdpResult.Fault;
                }

                continue;
            }

            OdpResult result = entry.Order + Space.BaseShift.Value < Shift.Value
                ? OdpResult.Invalid
                : MapPage(page, entry, (faults ? access : OdpAccess.Read | OdpAccess.Write) & (entry.IsWritable && IsWritable ? OdpAccess.Read | OdpAccess.Write : OdpAccess.Read));
            if (result != OdpResult.Ok)
            {
                return result;
            }
        }

        _mapped.Join(first, page);
        return OdpResult.Ok;
    }

    [Requires(nameof(DriverLock))]
    private OdpResult MapPage(UmemPages index, PfnEntry entry, OdpAccess access)
    {
        ulong mapped = _mapped[index];
        ulong frame = mapped >> Space.BaseShift.Value;
        if (mapped != 0 && frame != entry.Frame)
        {
            // A window was missed, which cannot be: the safe thing is to take the page and start over (R65).
            MirrorProtocol.Report("R65: a mapped page is another one than the process has");
            ZapAndUnmap(index, index + new UmemPages(1));
            return OdpResult.Again;
        }

        // Rights only grow in place (R66). Write goes with read.
        OdpAccess rights = access | OdpAccess.Read;
        return mapped == 0 ? MapNew(index, entry, rights) : (mapped | (ulong)rights) == mapped || _mapped.TrySet(index, mapped | (ulong)rights) ? OdpResult.Ok : OdpResult.NoMemory;
    }

    [Requires(nameof(DriverLock))]
    private OdpResult MapNew(UmemPages index, PfnEntry entry, OdpAccess rights)
    {
        if (_dma.Map(Space.Memory.PageOf(entry.Frame), Shift.Size, DmaDirection.Bidirectional) is not { } address)
        {
            return OdpResult.Fault;
        }

        if (!_mapped.TrySet(index, address | (ulong)rights))
        {
            _dma.Unmap(address, Shift.Size, DmaDirection.Bidirectional);
            return OdpResult.NoMemory;
        }

        MappedPages++;
        return OdpResult.Ok;
    }
}
