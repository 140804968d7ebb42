// Mistakes that were posted or shipped, replayed: each is caught. Runtime/Docs/negative-fixtures.md names these tests.
using System;
using System.Linq;
using Locking.Mirror;
using Xunit;
using PageFault12 = Locking.Samples.Protocols.NF12.PageFault;
using PageFault14 = Locking.Samples.Protocols.NF14.PageFault;

namespace Locking.Tests.Mirror.Schedules;

public sealed class NegativeFixtureTests : MirrorTest
{
    private sealed class Telling(Func<InvalidateRange, NotifierResult> start) : MmuNotifier
    {
        protected internal override NotifierResult OnInvalidateStart(in InvalidateRange range) => start(range);
    }

    private sealed class OwnMigration(object owner) : IntervalNotifier(new MutexLock(LockClass.Named("test.mirror")))
    {
        protected internal override bool OnInvalidate(in InvalidateRange range, ulong sequence) =>
            Samples.Protocols.NF21.Callback.OnInvalidate(range, owner, DriverLock, () => SetSequence(sequence));
    }

    private sealed class Placeholders(Machine machine) : DeviceMemory(machine, DeviceMemoryKind.Private, new BasePages(1), owner: machine)
    {
        protected internal override void OnPageFree(Page page)
        {
        }

        protected internal override MmResult MigrateToRam(in DeviceFault fault) => MmResult.Fault;
    }

    [Fact]
    public void NF05_LostRefusal_LetsTheDeviceReadAFreePage()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 1);
        Write(mm, range, Words(range));
        Page installed = Machine.Memory.PageOf(mm.PageTable.Find(range.Start, out int index).Read(index).Frame);
        var notifier = new Telling(window => Samples.Protocols.NF05.Mirrors.Tell(window, _ => window.IsBlockable ? NotifierResult.Ok : NotifierResult.Again, _ => NotifierResult.Ok));
        MmuNotifiers.Register(notifier, mm);
        Assert.Equal(MmResult.Ok, mm.OomReap());
        Assert.Throws<InvalidOperationException>(installed.Get);
        Assert.Equal($"Frame {installed.Frame:x} is free, and somebody refers to it", SingleReport(LockdepReportKind.MirrorProtocol).Message);
        mm.Notifiers.Unregister(notifier);
    }

    /// <summary>INV-21, over addresses and lengths of any kind: what is mapped contains what was asked for.</summary>
    [Fact]
    public void NF12_OffsetAfterMask_LeavesRequestedBytesUnmapped()
    {
        var random = new Random(12);
        AddressRange[] requests = [.. Enumerable.Range(0, 1000).Select(_ => AddressRange.Of(new Address((ulong)random.NextInt64(1L << 40)), new Bytes((ulong)random.Next(1, 1 << 16))))];
        Assert.Contains(requests, request => !Covers(PageFault12.Pages(request.Start.Value, request.Length.Value, 12), request));
        Assert.All(requests, request => Assert.True(Machine.BaseShift.Expand(request).Contains(request)));

        // Right where the address happens to be aligned, which is why nobody saw it.
        Assert.True(Covers(PageFault12.Pages(4096, 5000, 12), AddressRange.Of(new Address(4096), new Bytes(5000))));
    }

    private static bool Covers((ulong Start, ulong Length) pages, AddressRange request) => AddressRange.Of(new Address(pages.Start), new Bytes(pages.Length)).Contains(request);

    /// <summary>INV-01: after the unmap the page is still mapped; and an array whose unit is a type is indexed by that unit only.</summary>
    [Fact]
    public void NF13_BaseShiftIndex_UnmapsAnotherPage()
    {
        var list = new Samples.Protocols.NF13.DmaList(start: 0, pages: 1024, umemShift: 21);
        ulong page = 1UL << 21;
        list.Map(page, 1);
        list.Unmap(page);
        Assert.True(list.IsMapped(page));
        Assert.Throws<IndexOutOfRangeException>(() => list.Unmap(page * 2));
        Assert.Equal([typeof(UmemPages)], typeof(UmemEntries).GetProperties().SelectMany(p => p.GetIndexParameters()).Select(p => p.ParameterType));
    }

    /// <summary>INV-20: only an explicit region whose process is gone has no next fault.</summary>
    [Fact]
    public void NF14_InvertedDyingTest_FailsALiveRegion()
    {
        var wrong = from isImplicit in new[] { false, true }
                    from isDying in new[] { false, true }
                    let right = !isImplicit && isDying ? OdpResult.Fault : OdpResult.Again
                    where PageFault14.AnswerOf(isImplicit, isDying) != right
                    select (isImplicit, isDying);
        Assert.Equal([(false, false), (true, true)], wrong);
    }

    [Fact]
    public void NF16_UnmapInAnotherSize_IsReported()
    {
        var device = new RdmaDevice(Machine);
        Page page = Machine.Memory.Allocate()!;
        Samples.Protocols.NF16.Umem.MapAndUnmap(device.Dma, page);
        Assert.StartsWith("R58: ", SingleReport(LockdepReportKind.MirrorProtocol).Message, StringComparison.Ordinal);
        Assert.Equal(1, device.Dma.Count);
        page.Put();
    }

    [Fact]
    public void NF21_OwnMigrationLeavesEarly_IsReported()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 1);
        object owner = new();
        var mirror = new OwnMigration(owner);
        Assert.Equal(NotifierResult.Ok, mirror.Insert(mm, range));
        var window = new InvalidateRange(mm, range, InvalidateEvent.Migrate, Owner: owner);
        Assert.Equal(NotifierResult.Ok, mm.Notifiers.Start(window));
        mm.Notifiers.End(window);
        Assert.Equal("R81: an invalidate callback did not set the sequence", SingleReport(LockdepReportKind.MirrorProtocol).Message);
        mirror.Remove();
    }

    [Fact]
    public void NF24_Placeholder_HasNoContent()
    {
        var memory = new Placeholders(Machine);
        Page page = memory.AllocateLocked()!;
        Page behind = Machine.Memory.Allocate()!;
        behind.Data[0] = 24;
        page.DriverData = behind;
        Assert.Throws<InvalidOperationException>(() => Samples.Protocols.NF24.Device.Read(page));
        Assert.StartsWith("INV-02: ", SingleReport(LockdepReportKind.MirrorProtocol).Message, StringComparison.Ordinal);
        Assert.Equal(24, Samples.Protocols.NF24.Device.ReadBehind(page));
        page.Unlock();
        page.Put();
        behind.Put();
        memory.KillAndDrain();
    }
}
