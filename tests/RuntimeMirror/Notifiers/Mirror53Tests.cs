// Mirrors and ranges in the interface of 5.3, mirrors of several devices, and hints.
using System;
using System.Collections.Generic;
using System.Threading;
using Locking.Mirror;
using Locking.Tests.Harness;
using Locking.Tests.Mirror.Schedules;
using Xunit;

namespace Locking.Tests.Mirror.Notifiers;

public sealed class Mirror53Tests : MirrorTest
{
    private sealed class Recorder : HmmMirror
    {
        public MutexLock DriverLock { get; } = new(LockClass.Named("test.mirror53"));

        public int Syncs { get; private set; }

        public int Releases { get; private set; }

        protected internal override NotifierResult OnSync(in InvalidateRange range)
        {
            if (range.IsBlockable)
            {
                DriverLock.Acquire();
            }
            else if (!DriverLock.TryAcquire())
            {
                return NotifierResult.Again;
            }

            Syncs++;
            DriverLock.Release();
            return NotifierResult.Ok;
        }

        protected internal override void OnRelease() => Releases++;
    }

    [Fact]
    public void FaultedRange_IsValidUntilAWindowComes_AndNeverAgainWithoutAFault()
    {
        (AddressSpace mm, Recorder mirror) = Registered();
        AddressRange range = Map(mm, 4);
        HmmRange53 pages = NewRange(mirror, range, PfnFormat.Odp.Valid | PfnFormat.Odp.Write);
        Assert.Equal(HmmResult.Ok, pages.Register());
        Assert.True(pages.WaitUntilValid(TimeSpan.FromSeconds(1)));
        Assert.Equal(4, Fault(mm, pages));
        Assert.True(pages.IsValid);
        Assert.All(pages.Pfns, entry => Assert.True(PfnFormat.Odp.IsWritable(entry)));

        // R40: a whole window later a flag would say valid again; the sequence does not, and counts it.
        mm.Discard(range);
        Assert.False(pages.IsValid);
        Assert.Equal(1, pages.StaleFlags);
        Assert.Equal(4, Fault(mm, pages));
        Assert.True(pages.IsValid);
        pages.Unregister();
        Assert.Throws<InvalidOperationException>(() => pages.IsValid);
        Assert.StartsWith("R29", SingleReport(LockdepReportKind.MirrorProtocol).Message, StringComparison.Ordinal);
        mirror.Unregister();
    }

    [Fact]
    public void Snapshot_AnswersWhatIsThere_AndRefusalsAreThoseOf53()
    {
        (AddressSpace mm, Recorder mirror) = Registered();
        AddressRange range = Map(mm, 4);
        Write(mm, Part(range, 1, 1), Words(Part(range, 1, 1)));
        HmmRange53 pages = NewRange(mirror, range, PfnFormat.Odp.Valid | PfnFormat.Odp.Write);
        Assert.Equal(HmmResult.Ok, pages.Register());
        using (mm.MmapSem.EnterRead())
        {
            Assert.Equal(4, pages.Snapshot());
        }

        Assert.Equal((0UL, true), (pages.Pfns[0], PfnFormat.Odp.IsWritable(pages.Pfns[1])));
        mm.Protect(range, VmaFlags.Read);
        Assert.Equal((long)HmmResult.NotPermitted, Fault(mm, pages));
        mm.Protect(range, VmaFlags.None);
        Assert.Equal((long)HmmResult.NotPermitted, Fault(mm, pages));
        mm.Unmap(range);
        Assert.Equal((long)HmmResult.Fault, Fault(mm, pages));
        pages.Unregister();
        mirror.Unregister();
    }

    /// <summary>NF-20, R45: on Again, and only then, the semaphore has been released.</summary>
    [Fact]
    public void FaultInsideAWindow_IsAgain_AndTheSemaphoreIsFree()
    {
        (AddressSpace mm, Recorder mirror) = Registered();
        AddressRange range = Map(mm, 1);
        HmmRange53 pages = NewRange(mirror, range, PfnFormat.Odp.Valid);
        pages.Register();
        var window = new InvalidateRange(mm, range, InvalidateEvent.Clear);
        Assert.Equal(NotifierResult.Ok, mm.Notifiers.Start(window));
        Assert.False(pages.WaitUntilValid(TimeSpan.FromMilliseconds(1)));
        mm.MmapSem.AcquireRead();
        Assert.Equal((long)HmmResult.Again, pages.Fault(block: true));
        Assert.False(mm.MmapSem.IsReadHeldByCurrentThread);
        using (mm.MmapSem.EnterRead())
        {
            Assert.Equal((long)HmmResult.Again, pages.Snapshot());
        }

        mm.Notifiers.End(window);
        Assert.Equal(1, Fault(mm, pages));
        pages.Unregister();
        mirror.Unregister();
    }

    /// <summary>NF-06, R32: a refused start leaves the count of windows as it was.</summary>
    [Fact]
    public void RefusedWindow_LeavesRangesValidAgain()
    {
        (AddressSpace mm, Recorder mirror) = Registered();
        AddressRange range = Map(mm, 1);
        HmmRange53 pages = NewRange(mirror, range, PfnFormat.Odp.Valid);
        pages.Register();
        using (mirror.DriverLock.Enter())
        {
            Threads.Run(Interleaving.AsUser(mm, () => Assert.Equal(MmResult.Again, mm.OomReap())));
        }

        Assert.True(pages.WaitUntilValid(TimeSpan.Zero));
        pages.Unregister();
        mirror.Unregister();
    }

    [Fact]
    public void LastRange_IsTheLastUser_AndReleasesOnce()
    {
        (AddressSpace mm, Recorder mirror) = Registered();
        HmmRange53 pages = NewRange(mirror, Map(mm, 1), PfnFormat.Odp.Valid);
        pages.Register();
        mm.Users.Put();
        Assert.Equal(0, mirror.Releases);
        Assert.True(mirror.IsMmAlive);
        pages.Unregister();
        Assert.Equal(1, mirror.Releases);
        Assert.False(mirror.IsMmAlive);
        Assert.Equal(HmmResult.Fault, pages.Register());
        mirror.Unregister();
        Machine.NotifierSrcu.Barrier();
        Assert.True(mm.IsFreed);
    }

    [Fact]
    public void BadArguments_AreAnsweredOrThrown()
    {
        (AddressSpace mm, Recorder mirror) = Registered();
        AddressRange range = Map(mm, 2);
        Assert.Equal(HmmResult.Invalid, new Recorder().Register(null));
        Assert.Equal(HmmResult.Invalid, new HmmRange53(mirror, AddressRange.Of(range.Start + new Bytes(1), Pages(1)), PageShift.Small, PfnFormat.Odp, new ulong[1]).Register());
        Assert.Equal(HmmResult.Invalid, new HmmRange53(mirror, range, PageShift.Small, PfnFormat.Odp, new ulong[1]).Register());
        Assert.Throws<ArgumentException>(() => new PfnFormat(3, 1, 1, 4, 9, 0, 8));
        Assert.Throws<ArgumentException>(() => new PfnFormat(3, 1, 2, 8, 9, 0, 8));
        Assert.Throws<ArgumentException>(() => new PfnFormat(3, 1, 2, 4, 0, 0, 8));
        HmmRange53 open = NewRange(mirror, range, 0);
        open.Register();
        Assert.Throws<InvalidOperationException>(mirror.Unregister);
        open.Unregister();
        mirror.Unregister();
        Assert.Throws<InvalidOperationException>(mirror.Unregister);
        Assert.Equal(2, Reports.Length);
    }

    /// <summary>R56, R58: what is mapped already stays mapped once, and every mapping is ended as it was made.</summary>
    [Fact]
    public void DmaMapTwice_MapsOnce()
    {
        (AddressSpace mm, Recorder mirror) = Registered();
        AddressRange range = Map(mm, 4);
        Write(mm, range, Words(range));
        var dma = new RdmaDevice(Machine).Dma;
        HmmRange53 pages = NewRange(mirror, range, PfnFormat.Odp.Valid | PfnFormat.Odp.Write);
        pages.Register();
        ulong[] addresses = new ulong[4];
        using (mm.MmapSem.EnterRead())
        {
            Assert.Equal(4, pages.DmaMap(dma, addresses, block: true));
            Assert.Equal(0, pages.DmaMap(dma, addresses, block: true));
        }

        Assert.Equal(4, dma.Count);
        Assert.Equal(4, pages.DmaUnmap(dma, addresses, dirty: true));
        Assert.Equal(0, dma.Count);
        dma.Unmap(0x1000, new Bytes(4096), DmaDirection.ToDevice);
        Assert.StartsWith("R58", SingleReport(LockdepReportKind.MirrorProtocol).Message, StringComparison.Ordinal);
        pages.Unregister();
        mirror.Unregister();
    }

    private sealed class SharedDevice(Func<AddressRange, bool, bool> flush) : ISharedDevice
    {
        public int Flushes { get; private set; }

        public bool Flush(AddressRange range, bool mayBlock)
        {
            bool isDone = flush(range, mayBlock);
            Flushes += isDone ? 1 : 0;
            return isDone;
        }
    }

    /// <summary>HX-25, INV-27: a window over a table of three devices is over when the slowest has flushed.</summary>
    [Fact]
    public void SharedMirror_IsFlushedByAllDevicesBeforeAWindowIsOver()
    {
        AddressSpace mm = NewMm();
        var mirror = new SharedMirror();
        Assert.Equal(NotifierResult.Ok, mirror.Insert(mm, AddressRange.All));
        var slow = new SharedDevice((_, mayBlock) =>
        {
            Thread.Sleep(mayBlock ? 20 : 0);
            return mayBlock;
        });
        SharedDevice[] devices = [new((_, _) => true), slow, new((_, _) => true)];
        Array.ForEach(devices, mirror.Attach);
        AddressRange range = Map(mm, 4);
        Assert.Equal(HmmResult.Ok, mirror.Fault(range, isWrite: true));
        Assert.True(Lookup(mirror, range.Start).IsWritable);
        Assert.Equal(MmResult.Again, mm.OomReap());
        Assert.True(Lookup(mirror, range.Start).IsWritable);
        mm.Discard(Part(range, 0, 2));
        Assert.Equal(1, slow.Flushes);
        Assert.Equal((PfnEntry.None, true), (Lookup(mirror, range.Start), Lookup(mirror, range.Start + Pages(2)).IsValid));
        mirror.Detach(slow);
        Assert.Equal((2, 1), (slow.Flushes, devices[2].Flushes));
        Assert.Throws<InvalidOperationException>(() => mirror.Detach(slow));
        Assert.Single(Reports);
        mirror.Remove();
    }

    /// <summary>F24.</summary>
    [Fact]
    public void Hints_AreSplitAndMerged_SurviveInvalidation_AndDieWithTheUnmap()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 8);
        var device = new object();
        var hint = new PlacementHint(device, Access: AccessHint.Device);
        Assert.Equal(MmResult.Ok, mm.Hints.Set(Part(range, 0, 4), hint));
        Assert.Equal(MmResult.Ok, mm.Hints.Set(Part(range, 4, 4), hint));
        Assert.Equal(1, mm.Hints.Count);
        mm.Discard(range);
        AddressSpace child = Fork(mm);
        mm.Unmap(Part(range, 2, 2));
        Assert.Equal((2, 1), (mm.Hints.Count, child.Hints.Count));
        Assert.Equal((hint, null, hint), (mm.Hints.At(range.Start), mm.Hints.At(range.Start + Pages(2)), child.Hints.At(range.Start + Pages(2))));
        Assert.Equal(MmResult.Invalid, mm.Hints.Set(default, hint));
    }

    private static PfnEntry Lookup(SharedMirror mirror, Address address)
    {
        using (mirror.DriverLock.Enter())
        {
            return mirror.Lookup(address);
        }
    }

    private static long Fault(AddressSpace mm, HmmRange53 range)
    {
        using (mm.MmapSem.EnterRead())
        {
            return range.Fault(block: true);
        }
    }

    private static HmmRange53 NewRange(HmmMirror mirror, AddressRange range, ulong flags) =>
        new(mirror, range, mirror.Mm!.Machine.BaseShift, PfnFormat.Odp, new ulong[range.Length.Value / mirror.Mm.Machine.BaseShift.Size.Value], flags);

    private (AddressSpace Mm, Recorder Mirror) Registered()
    {
        AddressSpace mm = NewMm();
        var mirror = new Recorder();
        using (mm.MmapSem.EnterWrite())
        {
            Assert.Equal(HmmResult.Ok, mirror.Register(mm));
        }

        return (mm, mirror);
    }
}
