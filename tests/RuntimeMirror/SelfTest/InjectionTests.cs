// What fails, or throws, in the middle of reclaim, of eviction, of a migration back, of a fault of a shared mirror: nothing is lost or left behind.
using System;
using Locking.Mirror;
using Xunit;

namespace Locking.Tests.Mirror.SelfTest;

public sealed class InjectionTests : HmmSelfTest
{
    /// <summary>Swap is full: the page stays.</summary>
    [Fact]
    public void ReclaimWithoutSwap_KeepsThePages()
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 3);
        Write(Mm, range, Words(range));
        int countdown = 1;
        SchedulePoint.Failure = site => site == "swap" && countdown-- == 0;
        Assert.Equal(2, Mm.Reclaim(range));
        SchedulePoint.Failure = null;
        Assert.Equal((2, 1UL), (Machine.Swap.Count, Machine.Memory.InUse));
        AssertCpuReads(Mm, range, Words(range));
        Assert.Equal((0, 1), (Machine.Swap.Count, Mm.Users.Count));
    }

    /// <summary>A notifier that throws from reclaim's window: reported, reclaim goes on, and neither count nor virtual lock is left.</summary>
    [Fact]
    public void ReclaimWhoseNotifierThrows_GoesOn()
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 3);
        Write(Mm, range, Words(range));
        SchedulePoint.Hook = name => Throw(name == "op");
        Assert.Equal(3, Mm.Reclaim(range));
        SchedulePoint.Hook = null;
        Assert.Equal(Lockdep.IsEnabled, Array.Exists(Reports, report => report.Message == "OnInvalidate threw InvalidOperationException: no"));
        AssertCpuReads(Mm, range, Words(range));
        Assert.Equal((1, true), (Mm.Users.Count, Mm.Notifiers.IsQuiet));
        Assert.Equal(3, Mm.Reclaim(range));
    }

    /// <summary>Eviction stops at a failure of any kind with what is done done; the next one ends it.</summary>
    [Theory]
    [InlineData("page", true)]
    [InlineData("back.begin", false)]
    [InlineData("back.erased", false)]
    public void FailingEviction_LeavesPagesThatTheNextOneTakes(string place, bool isSite)
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 3);
        Write(Mm, range, Words(range));
        AssertMigrates(Device, range, Words(range));
        DeviceMemory memory = DeviceMemoryOf(range.Start);
        Inject(place, isSite);
        Machine.Evict(memory);
        Inject(null, isSite);
        Assert.Equal(1, memory.InUse);
        Assert.Equal(1, Mm.Users.Count);
        AssertThrown(isSite);
        Machine.Evict(memory);
        Assert.Equal(0, memory.InUse);
        AssertCpuReads(Mm, range, Words(range));
    }

    /// <summary>F20: an access of the processor to a private page calls the driver, which brings it back.</summary>
    [Fact]
    public void AccessToADevicePage_CallsMigrateToRam()
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 3);
        Write(Mm, range, Words(range));
        AssertMigrates(Device, range, Words(range));
        DeviceMemory memory = DeviceMemoryOf(range.Start);
        int calls = 0;
        SchedulePoint.Hook = name => calls += name == "back.begin" ? 1 : 0;
        AssertCpuReads(Mm, Part(range, 1, 1), Words(range)[(int)PageSize..(2 * (int)PageSize)]);
        Assert.Equal((1, 2), (calls, memory.InUse));

        // It is here: the next access does not call.
        AssertCpuReads(Mm, Part(range, 1, 1), Words(range)[(int)PageSize..(2 * (int)PageSize)]);
        Assert.Equal(1, calls);
        AssertCpuReads(Mm, range, Words(range));
        SchedulePoint.Hook = null;
        Assert.Equal((3, 0), (calls, memory.InUse));
    }

    /// <summary>The driver has no page, or throws: the access fails, the page stays with the device, and the next access has it.</summary>
    [Theory]
    [InlineData("page", true, false)]
    [InlineData("page", true, true)]
    [InlineData("back.begin", false, false)]
    [InlineData("back.begin", false, true)]
    [InlineData("back.erased", false, false)]
    public void FailingMigrateToRam_FailsTheAccess_AndLosesNothing(string place, bool isSite, bool isWrite)
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 1);
        Write(Mm, range, Words(range));
        AssertMigrates(Device, range, Words(range));
        DeviceMemory memory = DeviceMemoryOf(range.Start);
        Inject(place, isSite);
        Assert.Equal(MmResult.Fault, isWrite ? Mm.CpuWrite(range.Start, [1]) : Mm.CpuRead(range.Start, new byte[1]));
        Inject(null, isSite);
        AssertThrown(isSite);
        Assert.Equal((1, 1), (memory.InUse, Mm.Users.Count));
        AssertCpuReads(Mm, range, Words(range));
        Assert.Equal(0, memory.InUse);
    }

    /// <summary>A fault of a shared mirror without memory, or out of which something throws: no user reference stays, and the next one works.</summary>
    [Theory]
    [InlineData("page", true)]
    [InlineData("page table", true)]
    [InlineData("fault", true)]
    [InlineData("walk", false)]
    public void FailingFaultOfASharedMirror_LeavesNothingBehind(string place, bool isSite)
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 2);
        var mirror = new SharedMirror();
        mirror.Insert(Mm, AddressRange.All);
        Inject(place, isSite);
        if (isSite)
        {
            Assert.Equal(HmmResult.NoMemory, mirror.Fault(range, isWrite: true));
        }
        else
        {
            Assert.Throws<InvalidOperationException>(() => mirror.Fault(range, isWrite: true));
        }

        Inject(null, isSite);
        Assert.Equal((1, false, false), (Mm.Users.Count, Mm.MmapSem.IsReadHeldByCurrentThread, mirror.DriverLock.IsHeldByCurrentThread));
        Assert.Equal(HmmResult.Ok, mirror.Fault(range, isWrite: true));
        using (mirror.DriverLock.Enter())
        {
            Assert.True(mirror.Lookup(range.Start).IsWritable);
        }

        mirror.Remove();
    }

    /// <summary>The first region of a process cannot be told of its exit, or that throws: neither the process nor its structure is kept.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FailingPerMm_LeavesNoReference(bool isSite)
    {
        Setup(DeviceMemoryKind.Private, 12);
        AddressRange range = Map(Mm, 1);
        int grabs = Mm.Grabs.Count;
        UserContext context = new RdmaDevice(Machine).Open(Mm);
        SchedulePoint.Failure = site =>
        {
            Throw(site == "notifier" && !isSite);
            return site == "notifier";
        };
        if (isSite)
        {
            Assert.Equal(OdpResult.Fault, context.Register(range, OdpAccess.Read, out _));
        }
        else
        {
            Assert.Throws<InvalidOperationException>(() => context.Register(range, OdpAccess.Read, out _));
        }

        SchedulePoint.Failure = null;
        Assert.Equal((1, grabs), (Mm.Users.Count, Mm.Grabs.Count));
        Assert.Equal(OdpResult.Ok, context.Register(range, OdpAccess.Read, out MemoryRegion? region));
        region!.Deregister();
        Assert.Equal(grabs, Mm.Grabs.Count);
    }

    private DeviceMemory DeviceMemoryOf(Address address)
    {
        using (Mm.MmapSem.EnterRead())
        {
            return Machine.Memory.PageOf(Mm.PageTable.Find(address, out int index).Read(index).Frame).Device!;
        }
    }

    /// <summary>The first time that something comes there it fails, or throws.</summary>
    private static void Inject(string? place, bool isSite)
    {
        bool isDue = true;
        bool Comes(string name) => name == place && isDue && !(isDue = false);
        SchedulePoint.Hook = place is null || isSite ? null : name => Throw(Comes(name));
        SchedulePoint.Failure = place is null || !isSite ? null : Comes;
    }

    private void AssertThrown(bool isSite) =>
        AssertReported(isSite ? [] : [LockdepReportKind.CallbackThrew]);

    private static void Throw(bool isDue)
    {
        if (isDue)
        {
            throw new InvalidOperationException("no");
        }
    }
}
