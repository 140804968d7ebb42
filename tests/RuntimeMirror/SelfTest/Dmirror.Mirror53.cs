// The simulated device over the interface of 5.3: a mirror tells it of windows, a range that says whether it is valid answers its faults.
using System;
using Locking.Mirror;

namespace Locking.Tests.Mirror.SelfTest;

internal sealed partial class Dmirror
{
    private Adapter? _adapter;

    /// <summary>From here on windows and faults come another way; the interval erases nothing any more where it is not the way.</summary>
    public void Use(MirrorInterface way)
    {
        if (way == MirrorInterface.Mirror53)
        {
            UseMirror53();
        }
        else if (way == MirrorInterface.Mirror52)
        {
            UseMirror52();
        }
    }

    private void UseMirror53()
    {
        var adapter = new Adapter(this);
        using (Mm.MmapSem.EnterWrite())
        {
            MirrorProtocol.Expect(adapter.Register(Mm) == HmmResult.Ok, "the mirror is registered");
        }

        _adapter = adapter;
    }

    private MmResult FaultPiece53(AddressRange piece, bool isWrite)
    {
        var range = new HmmRange53(_adapter!, piece, Shift, PfnFormat.Odp, new ulong[Count(piece)], PfnFormat.Odp.Valid | (isWrite ? PfnFormat.Odp.Write : 0));
        HmmResult registered = range.Register();
        if (registered != HmmResult.Ok)
        {
            return (MmResult)(int)registered;
        }

        try
        {
            return Populate53(range);
        }
        finally
        {
            range.Unregister();
        }
    }

    /// <summary>The loop of the documentation of 5.3: on Again the semaphore has been released, on everything else it has not (R45).</summary>
    private MmResult Populate53(HmmRange53 range)
    {
        while (!IsOverdue())
        {
            range.WaitUntilValid(TimeSpan.FromSeconds(1));
            SchedulePoint.Reach("fault.after-sequence");
            Mm.MmapSem.AcquireRead();
            long result = range.Fault(block: true);
            if (result != (long)HmmResult.Again)
            {
                Mm.MmapSem.ReleaseRead();
            }

            SchedulePoint.Reach("fault.after-walk");
            if (result is < 0 and not ((long)HmmResult.Again or (long)HmmResult.Busy))
            {
                return (MmResult)(int)result;
            }

            if (result >= 0 && TryInstall53(range))
            {
                return MmResult.Ok;
            }
        }

        return MmResult.Busy;
    }

    /// <summary>The same loop without a fault: the semaphore stays held, whatever the answer.</summary>
    private MmResult SnapshotPiece53(AddressRange piece, Span<byte> bytes)
    {
        var range = new HmmRange53(_adapter!, piece, Shift, PfnFormat.Odp, new ulong[Count(piece)]);
        HmmResult registered = range.Register();
        if (registered != HmmResult.Ok)
        {
            return (MmResult)(int)registered;
        }

        long result = (long)HmmResult.Again;
        bool isTrue = false;
        while (!IsOverdue() && (result == (long)HmmResult.Again || (result >= 0 && !isTrue)))
        {
            range.WaitUntilValid(TimeSpan.FromSeconds(1));
            using (Mm.MmapSem.EnterRead())
            {
                result = range.Snapshot();
                using (DriverLock.Enter())
                {
                    isTrue = range.IsValid;
                }
            }
        }

        range.Unregister();
        for (int i = 0; i < result; i++)
        {
            bytes[i] = Describe53(range.Format, range.Pfns[i]);
        }

        return result < 0 ? (MmResult)(int)result : isTrue ? MmResult.Ok : MmResult.Busy;
    }

    /// <summary>5.3 answers private pages of every device, and no orders.</summary>
    private byte Describe53(PfnFormat format, ulong pfn) => format.FrameOf(pfn) is { } frame
        ? Describe(Mm.Memory.PageOf(frame), format.IsWritable(pfn))
        : pfn == format.None ? Byte.None : Byte.Error;

    private bool TryInstall53(HmmRange53 range)
    {
        SchedulePoint.Reach("fault.before-lock");
        using (DriverLock.Enter())
        {
            if (!range.IsValid)
            {
                return false;
            }

            for (int i = 0; i < range.Pfns.Length; i++)
            {
                Page page = Mm.Memory.PageOf(range.Format.FrameOf(range.Pfns[i])!.Value);
                Install(range.Range.Start + Shift.ToBytes(new BasePages(i)), page, range.Format.IsWritable(range.Pfns[i]) ? Tag.Write : Tag.Read);
            }

            return true;
        }
    }

    private sealed class Adapter(Dmirror device) : HmmMirror
    {
        protected internal override NotifierResult OnSync(in InvalidateRange range)
        {
            if (range.IsBlockable)
            {
                device.DriverLock.Acquire();
            }
            else if (!device.DriverLock.TryAcquire())
            {
                return NotifierResult.Again;
            }

            device.Erase(range.Range, keepsDevice: false);
            device.DriverLock.Release();
            return NotifierResult.Ok;
        }

        /// <summary>The exit opens no window for it.</summary>
        protected internal override void OnRelease()
        {
            using (device.DriverLock.Enter())
            {
                device.Erase(AddressRange.All, keepsDevice: false);
            }
        }
    }
}
