// A window in each gap of a fault; the end of the process in each; the callback against whoever unregisters.
using System;
using Locking.Mirror;
using Locking.Tests.Harness;
using Locking.Tests.Mirror.SelfTest;
using Xunit;

namespace Locking.Tests.Mirror.Schedules;

public sealed class FaultScheduleTests : HmmSelfTest
{
    public static TheoryData<string> Gaps => ["fault.got-mm", "fault.after-sequence", "walk", "fault", "fault.after-walk", "fault.before-lock"];

    /// <summary>HX-01, R37: whatever the gap, the device has the new page or none.</summary>
    [Theory, MemberData(nameof(Gaps))]
    public void PageReplacedInAGap_IsReadAsItIsNow(string gap)
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 4);
        if (gap != "fault")
        {
            Write(Mm, range, Words(range));
        }

        Interleaving.At(gap, Interleaving.AsUser(Mm, () =>
        {
            Mm.Reclaim(range);
            Assert.Equal(MmResult.Ok, Mm.Discard(range));
            Write(Mm, range, Words(range, 7));
        }));
        byte[] data = Buffer(range);
        Assert.Equal(MmResult.Ok, Device.Read(range, data));
        Assert.True(Words(range, 7).AsSpan().SequenceEqual(data));
    }

    /// <summary>HX-01: after an unmap there is nothing to read.</summary>
    [Theory]
    [InlineData("fault.after-sequence")]
    [InlineData("fault.after-walk")]
    [InlineData("fault.before-lock")]
    public void UnmapInAGap_IsAFault(string gap)
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 4);
        Write(Mm, range, Words(range));
        Interleaving.At(gap, Interleaving.AsUser(Mm, () => Assert.Equal(MmResult.Ok, Mm.Unmap(range))));
        Assert.Equal(MmResult.Fault, Device.Read(range, Buffer(range)));
        Assert.False(Device.HasEntries(range));
    }

    /// <summary>HX-02, R40: two whole windows between the walk and the check.</summary>
    [Fact]
    public void TwoWindowsInAGap_AreNoticed()
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 4);
        Write(Mm, range, Words(range));
        Interleaving.At("fault.after-walk", Interleaving.AsUser(Mm, () =>
        {
            Mm.Discard(range);
            Write(Mm, range, Words(range, 1));
            Mm.Discard(range);
            Write(Mm, range, Words(range, 2));
        }));
        byte[] data = Buffer(range);
        Assert.Equal(MmResult.Ok, Device.Read(range, data));
        Assert.True(Words(range, 2).AsSpan().SequenceEqual(data));
    }

    /// <summary>HX-14, T07: another descriptor of the device closes between the chunks of a release.</summary>
    [Fact]
    public void ReleaseWhileAnotherDescriptorCloses_LosesNothing()
    {
        Setup(DeviceMemoryKind.Private, 12);
        Dmirror other = Open(0, Mm);
        AddressRange range = Map(Mm, 4);
        Write(Mm, range, Words(range));
        Assert.Equal(MmResult.Ok, Device.MigrateToDevice(range, Buffer(range)));
        bool isClosed = false;
        Interleaving.At("release.chunk", Interleaving.AsUser(Mm, () =>
        {
            Close(other);
            isClosed = true;
        }));
        Devices[0].Release();
        Assert.True(isClosed);
        AssertCpuReads(Mm, range, Words(range));
    }

    /// <summary>HX-03: a window that must not block, while the driver lock is held, changes nothing.</summary>
    [Fact]
    public void NonBlockableWindow_WhileTheDriverLockIsHeld_ChangesNothing()
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 4);
        Write(Mm, range, Words(range));
        AssertReads(Device, range, Words(range));
        using (Device.DriverLock.Enter())
        {
            Threads.Run(Interleaving.AsUser(Mm, () => Assert.Equal(MmResult.Again, Mm.OomReap())));
        }

        Assert.True(Device.HasEntries(range));
        AssertCpuReads(Mm, range, Words(range));
        Assert.True(Mm.Notifiers.IsQuiet);
        Assert.Equal(MmResult.Ok, Mm.OomReap());
        Assert.False(Device.HasEntries(range));
    }

    /// <summary>HX-05, R01: the process ends before the fault has a reference: an error; after it: the command ends first.</summary>
    [Fact]
    public void LastUserLeaves_BeforeOrAfterTheFaultHasAReference()
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 4);
        Write(Mm, range, Words(range));
        Mm.Users.Disown();
        bool isLast = true;
        Interleaving.At("fault.got-mm", () =>
        {
            Mm.Users.Adopt();
            isLast = Mm.Users.Put();
        });
        byte[] data = Buffer(range);

        // HX-06: the fault ended well, and its own put was the final one, which ran the exit without a lock in its way: before the copy, that
        // found nothing any more.
        Assert.Equal(MmResult.Fault, Device.Read(range, data));
        Assert.False(isLast);
        Assert.Equal(0, Mm.Users.Count);
        Assert.False(Device.HasEntries(range));
        Assert.Equal(MmResult.Fault, Device.Read(range, data));
        Assert.Equal(MmResult.Invalid, Device.Snapshot(range, new byte[4]));
        Assert.Equal(MmResult.Invalid, Device.MigrateToDevice(range, data));
    }

    /// <summary>HX-07, INV-10: who closes waits for the callback that runs.</summary>
    [Fact]
    public void CloseWhileACallbackRuns_WaitsForIt()
    {
        Setup(DeviceMemoryKind.Private, 12);
        Dmirror other = Open(1, Mm);
        AddressRange range = Map(Mm, 4);
        Write(Mm, range, Words(range));
        Func<Threads.Running> closing = Interleaving.Begin("op", () => Close(other));
        Assert.Equal(MmResult.Ok, Mm.Discard(range));
        closing().End();
        Assert.Equal(1, Mm.Notifiers.IntervalCount);
    }

    /// <summary>HX-08, T01, R81: the device takes the page to itself while another thread faults on it.</summary>
    [Fact]
    public void MigrationToTheDeviceDuringAFault_LeavesNoStaleEntry()
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 4);
        Write(Mm, range, Words(range));
        Interleaving.At("fault.after-walk", Interleaving.AsUser(Mm, () => Assert.Equal(MmResult.Ok, Device.MigrateToDevice(range, Buffer(range)))));
        byte[] data = Buffer(range);
        Assert.Equal(MmResult.Ok, Device.Read(range, data));
        Assert.True(Words(range).AsSpan().SequenceEqual(data));
    }

    /// <summary>HX-09 and HX-10, T02 and T03: a device write while the page moves either way is not lost.</summary>
    [Theory]
    [InlineData("migrate.copied")]
    [InlineData("back.erased")]
    public void DeviceWritesWhileThePageMoves_NothingIsLost(string point)
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 1);
        Write(Mm, range, Words(range));
        AssertWrites(Device, range, Words(range, 1));
        if (point == "back.erased")
        {
            Assert.Equal(MmResult.Ok, Device.MigrateToDevice(range, Buffer(range)));
        }

        Func<Threads.Running> writing = Interleaving.Begin(point, () => Assert.Equal(MmResult.Ok, Device.Write(range, Words(range, 9))));
        if (point == "back.erased")
        {
            Read(Mm, range);
        }
        else
        {
            Device.MigrateToDevice(range, Buffer(range));
        }

        writing().End();
        AssertCpuReads(Mm, range, Words(range, 9));
    }

    /// <summary>HX-11 and HX-12, T04 and T05: own device pages that may only be read.</summary>
    [Fact]
    public void OwnDevicePageReadOnly_IsReadFromWhatIsBehindIt_AndWrittenAfterMigration()
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 4);
        Write(Mm, range, Words(range));
        AssertMigrates(Device, range, Words(range));
        Mm.Protect(range, VmaFlags.Read);
        AssertReads(Device, range, Words(range));
        Mm.Protect(range, VmaFlags.ReadWrite);
        AddressSpace child = Fork(Mm);
        Assert.Equal(MmResult.Ok, Device.Write(range, Words(range, 3)));
        AssertCpuReads(child, range, Words(range));
        AssertCpuReads(Mm, range, Words(range, 3));
    }

    /// <summary>HX-15 and HX-16: hints and reclaim cost a fault, and no data.</summary>
    [Fact]
    public void HintsAndReclaim_CostOneFaultEach()
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = MapFilled();
        AssertReads(Device, range, Words(range));
        Assert.Equal(MmResult.Ok, Mm.NumaScan(range));
        Assert.False(Device.HasEntries(range));
        AssertReads(Device, range, Words(range));
        Assert.Equal(Count, Mm.Reclaim(range));
        AssertReads(Device, range, Words(range));
        Assert.Equal(Count, Mm.MovePagesTo(range, 1));
        AssertReads(Device, range, Words(range));
    }

    /// <summary>HX-17: splitting and collapsing are seen as a whole.</summary>
    [Fact]
    public void SplitAndCollapse_AreSeenByTheDevice()
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, PageShift.Huge.PagesOf(Machine.BaseShift).Value);
        Write(Mm, range, Words(range));
        Assert.All(Snapshot(Device, range), item => Assert.Equal(Dmirror.Byte.Write, item));
        Assert.Equal(1, Mm.Collapse(range));
        Assert.All(Snapshot(Device, range), item => Assert.Equal(Dmirror.Byte.Write | Dmirror.Byte.Pmd, item));
        AssertReads(Device, range, Words(range));
        Mm.Protect(Part(range, 0, 1), VmaFlags.Read);
        Assert.Equal(Dmirror.Byte.Read, Snapshot(Device, range)[0]);
        Assert.Equal(Dmirror.Byte.Write, Snapshot(Device, range)[1]);
        AssertReads(Device, range, Words(range));
    }

    /// <summary>HX-18: collisions without end are an error at the bound; afterwards all is well.</summary>
    [Fact]
    public void CollisionsWithoutEnd_AreBusyAtTheBound()
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 1);
        Write(Mm, range, Words(range));
        int rounds = 0;
        Device.IsOverdue = () => rounds++ == 100;
        int thread = Environment.CurrentManagedThreadId;
        SchedulePoint.Hook = name =>
        {
            if (name == "fault.after-walk" && Environment.CurrentManagedThreadId == thread)
            {
                Threads.Run(Interleaving.AsUser(Mm, () => Mm.NumaScan(range)));
            }
        };
        Assert.Equal(MmResult.Busy, Device.Read(range, Buffer(range)));
        Assert.Equal(101, rounds);
        SchedulePoint.Hook = null;
        AssertReads(Device, range, Words(range));
    }

    /// <summary>HX-20: a mirror of a parent that has exited.</summary>
    [Fact]
    public void MirrorOfAnExitedParent_AnswersErrors()
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 1);
        Write(Mm, range, Words(range));
        AddressSpace child = Fork(Mm);
        Mm.Users.Put();
        Assert.Equal(MmResult.Fault, Device.Read(range, Buffer(range)));
        AssertCpuReads(child, range, Words(range));
    }

    /// <summary>HX-22: two devices want a page alone; at most one has it.</summary>
    [Fact]
    public void ExclusiveForTwoDevices_IsForOne()
    {
        Setup(DeviceMemoryKind.Private, 12);
        Dmirror other = Open(1, Mm);
        AddressRange range = Map(Mm, 4);
        Write(Mm, range, Words(range));
        Assert.Equal(MmResult.Ok, Device.MakeExclusive(range, Buffer(range)));
        Assert.Equal(MmResult.Ok, other.MakeExclusive(range, Buffer(range)));
        Assert.Equal((MmResult.Ok, MmResult.NotPermitted), (Device.CheckExclusive(range), other.CheckExclusive(range)));
    }

    /// <summary>HX-23: a page whose memory failed.</summary>
    [Fact]
    public void PoisonedPage_IsAnErrorAlone()
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 3);
        Write(Mm, range, Words(range));
        Mm.Poison(range.Start + Pages(1));
        Assert.Equal([Dmirror.Byte.Write, Dmirror.Byte.Error, Dmirror.Byte.Write], Snapshot(Device, range));
        Assert.Equal(MmResult.Fault, Device.Read(range, Buffer(range)));
        Assert.Equal(MmResult.Ok, Device.Read(Part(range, 2, 1), new byte[PageSize]));
        Assert.Equal(MmResult.Fault, Mm.CpuRead(range.Start + Pages(1), new byte[1]));
    }

    /// <summary>HX-24: every allocation of every command fails once; nothing is lost, held or leaked.</summary>
    [Theory]
    [InlineData("page")]
    [InlineData("page table")]
    [InlineData("huge page")]
    [InlineData("device page")]
    [InlineData("chunk")]
    [InlineData("fault")]
    [InlineData("notifier")]
    [InlineData("vma")]
    public void FailureAtEverySite_LeavesNothingBehind(string site)
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 3);
        for (int failing = 0; failing < 10; failing++)
        {
            int countdown = failing;
            SchedulePoint.Failure = name => name == site && countdown-- == 0;
            Device.Read(range, Buffer(range));
            Device.Write(range, Words(range));
            Device.MigrateToDevice(range, Buffer(range));
            Device.MigrateToSystem(range);
            Device.MakeExclusive(range, Buffer(range));
            Device.Snapshot(range, new byte[3]);
            Mm.Fork()?.Users.Put();
            SchedulePoint.Failure = null;
            Assert.Equal(1, Mm.Users.Count);
            Assert.Equal(MmResult.Ok, Device.Write(range, Words(range, failing)));
            AssertCpuReads(Mm, range, Words(range, failing));
            Mm.Discard(range);
        }
    }
}
