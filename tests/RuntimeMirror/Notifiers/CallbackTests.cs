// Callbacks that throw, and calls that a callback may not make: reported, answered, and nothing is left behind.
using System;
using System.Collections.Generic;
using System.Linq;
using Locking.Mirror;
using Locking.Tests.Harness;
using Locking.Tests.Mirror.Odp;
using Locking.Tests.Mirror.Schedules;
using Xunit;

namespace Locking.Tests.Mirror.Notifiers;

public sealed class CallbackTests : OdpTest
{
    private sealed class Telling : MmuNotifier
    {
        public Action Callback { get; set; } = () => { };

        public bool HasEnded { get; private set; }

        protected internal override NotifierResult OnInvalidateStart(in InvalidateRange range)
        {
            Callback();
            return NotifierResult.Ok;
        }

        protected internal override void OnInvalidateEnd(in InvalidateRange range) => HasEnded = true;

        protected internal override bool OnTestYoung(AddressRange range)
        {
            Callback();
            return true;
        }

        protected internal override void OnFree() => Callback();
    }

    private sealed class Interval(Action callback) : IntervalNotifier(new MutexLock(LockClass.Named("test.interval")))
    {
        protected internal override bool OnInvalidate(in InvalidateRange range, ulong sequence)
        {
            callback();
            using (DriverLock.Enter())
            {
                SetSequence(sequence);
            }

            return true;
        }
    }

    private sealed class Mirror(Action callback) : HmmMirror
    {
        public int Told { get; private set; }

        protected internal override NotifierResult OnSync(in InvalidateRange range)
        {
            Told++;
            callback();
            return NotifierResult.Ok;
        }

        protected internal override void OnRelease()
        {
            Told++;
            callback();
        }
    }

    private sealed class Flushing(Action callback) : ISharedDevice
    {
        public int Flushes { get; private set; }

        public bool Flush(AddressRange range, bool mayBlock)
        {
            Flushes++;
            callback();
            return true;
        }
    }

    private sealed class Memory(Machine machine) : DeviceMemory(machine, DeviceMemoryKind.Private, new BasePages(1), owner: machine)
    {
        protected internal override void OnPageFree(Page page) => throw new InvalidOperationException("no");

        protected internal override MmResult MigrateToRam(in DeviceFault fault) => MmResult.Fault;
    }

    [Fact]
    public void ThrowingSync_IsReported_OtherMirrorsAreTold_AndRangesBecomeValidAgain()
    {
        AddressSpace mm = NewMm();
        Mirror throwing = new(Throw), other = new(() => { });
        Register(mm, throwing, other);
        AddressRange addresses = Map(mm, 1);
        var range = new HmmRange53(throwing, addresses, Machine.BaseShift, PfnFormat.Odp, new ulong[1]);
        Assert.Equal(HmmResult.Ok, range.Register());
        mm.Discard(addresses);
        Assert.Equal(1, other.Told);
        Assert.True(range.WaitUntilValid(TimeSpan.Zero));

        // A window that must not block is refused, and leaves the count of windows as it was.
        Write(mm, addresses, Words(addresses));
        Assert.Equal(MmResult.Again, mm.OomReap());
        Assert.True(range.WaitUntilValid(TimeSpan.Zero));
        range.Unregister();
        throwing.Unregister();
        other.Unregister();
        AssertThrew("OnSync threw InvalidOperationException: no", 2);

        // Nobody kept a reference: the address space goes with its last user.
        mm.Users.Put();
        Machine.NotifierSrcu.Barrier();
        Assert.True(mm.IsFreed);
    }

    [Fact]
    public void ThrowingRelease_IsReported_AndOtherMirrorsAreReleased()
    {
        AddressSpace mm = NewMm();
        Mirror throwing = new(Throw), other = new(() => { });
        Register(mm, throwing, other);
        mm.Users.Put();
        Assert.Equal((1, 1), (throwing.Told, other.Told));
        throwing.Unregister();
        other.Unregister();
        AssertThrew("OnRelease threw InvalidOperationException: no", 1);
        Machine.NotifierSrcu.Barrier();
        Assert.True(mm.IsFreed);
    }

    /// <summary>R37: whoever read the range before starts over, though the callback did not say so.</summary>
    [Fact]
    public void ThrowingIntervalCallback_CollidesWithReaders()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 1);
        var interval = new Interval(Throw);
        interval.Insert(mm, range);
        ReadSequence sequence = interval.ReadBegin();
        mm.Discard(range);
        using (interval.DriverLock.Enter())
        {
            Assert.True(interval.ReadRetry(sequence));
        }

        interval.Remove();
        Assert.Equal(["OnInvalidate threw InvalidOperationException: no", "R34: an invalidate callback refused a blockable window"], Reports.Select(report => report.Message));
    }

    [Fact]
    public void ThrowingYoungAndFree_AreReported_AndTheGrabIsDropped()
    {
        AddressSpace mm = NewMm();
        Telling throwing;
        using (mm.MmapSem.EnterWrite())
        {
            throwing = MmuNotifiers.GetLocked(mm, () => new Telling { Callback = Throw })!;
        }

        Assert.False(mm.Notifiers.IsYoung(AddressRange.All, clears: false));
        mm.Notifiers.Put(throwing);
        MmuNotifiers.SynchronizeAll();
        Assert.Equal(["OnTestYoung threw InvalidOperationException: no", "An SRCU callback threw InvalidOperationException: no"], Reports.Select(report => report.Message));
        mm.Users.Put();
        Assert.True(mm.IsFreed);
    }

    /// <summary>INV-27: what one device throws keeps no other from being flushed, and nothing in the table.</summary>
    [Fact]
    public void ThrowingFlush_IsReported_AndTheTableIsErased()
    {
        AddressSpace mm = NewMm();
        var mirror = new SharedMirror();
        mirror.Insert(mm, AddressRange.All);
        Flushing throwing = new(Throw), other = new(() => { });
        mirror.Attach(throwing);
        mirror.Attach(other);
        AddressRange range = Map(mm, 2);
        Assert.Equal(HmmResult.Ok, mirror.Fault(range, isWrite: true));
        mm.Discard(range);
        Assert.Equal(1, other.Flushes);
        using (mirror.DriverLock.Enter())
        {
            Assert.Equal(PfnEntry.None, mirror.Lookup(range.Start));
        }

        Assert.Equal(["Flush threw InvalidOperationException: no", "R34: a device refused to flush though it may block"], Reports.Select(report => report.Message));
        mirror.Remove();
    }

    [Fact]
    public void ThrowingPageFree_IsReported_AndThePageIsFree()
    {
        var memory = new Memory(Machine);
        Page page = memory.AllocateLocked()!;
        page.Unlock();
        page.Put();
        AssertThrew("OnPageFree threw InvalidOperationException: no", 1);
        Assert.Equal(0, memory.InUse);
        Assert.NotNull(memory.AllocateLocked());
        page.Unlock();
        page.Put();
        memory.KillAndDrain();
    }

    public static TheoryData<string> Refused =>
        ["Register", "Unregister", "Remove", "ReadBegin", "Mirror.Register", "Mirror.Unregister", "Region", "Implicit region", "Deregister", "Attach", "Detach", "Fault", "Synchronize"];

    /// <summary>R23: what would wait for the callback is refused in it, at once and without effect; after it, it is done.</summary>
    [Theory]
    [MemberData(nameof(Refused))]
    public void CallThatWaitsForItsOwnCallback_IsRefused(string name)
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 1);
        (Action call, Action cleanUp) = CallOf(name, end, range);
        Exception? thrown = null;
        var telling = new Telling();
        telling.Callback = () =>
        {
            thrown ??= Record.Exception(call);
            telling.Callback = () => { };
        };
        MmuNotifiers.Register(telling, end.Mm);
        end.Mm.Discard(range);
        Assert.IsType<InvalidOperationException>(thrown);
        LockdepReport[] reports = Reports;
        Assert.True(!Lockdep.IsEnabled || reports.Length > 0);
        Assert.True(telling.HasEnded);

        // Nothing has changed: outside of a callback the same call works.
        call();
        cleanUp();
        end.Mm.Notifiers.Unregister(telling);
        Assert.Equal(reports.Length, Reports.Length);
    }

    private (Action Call, Action CleanUp) CallOf(string name, End end, AddressRange range)
    {
        AddressSpace mm = end.Mm;
        Telling telling = new();
        Interval interval = new(() => { });
        Mirror mirror = new(() => { });
        SharedMirror shared = new();
        Flushing device = new(() => { });
        MemoryRegion? region = null;
        switch (name)
        {
            case "Register":
                return (() => MmuNotifiers.Register(telling, mm), () => mm.Notifiers.Unregister(telling));
            case "Unregister":
                MmuNotifiers.Register(telling, mm);
                return (() => mm.Notifiers.Unregister(telling), () => { });
            case "Remove":
                interval.Insert(mm, range);
                return (interval.Remove, () => { });
            case "ReadBegin":
                interval.Insert(mm, range);
                return (() => interval.ReadBegin(), interval.Remove);
            case "Mirror.Register":
                // The callback is under the semaphore already, for reading.
                return (() => _ = mm.MmapSem.IsReadHeldByCurrentThread ? mirror.Register(mm) : RegisterOne(mm, mirror), mirror.Unregister);
            case "Mirror.Unregister":
                Register(mm, mirror);
                return (mirror.Unregister, () => { });
            case "Region":
                return (() => end.Context.Register(range, OdpAccess.Read, out region), () => region!.Deregister());
            case "Implicit region":
                return (() => end.Context.RegisterImplicit(OdpAccess.Read, out region), () => region!.Deregister());
            case "Deregister":
                end.Context.Register(range, OdpAccess.Read, out region);
                return (region!.Deregister, () => { });
            case "Synchronize":
                return (() => Machine.NotifierSrcu.Synchronize(), () => { });
            default:
                shared.Insert(mm, AddressRange.All);
                if (name == "Detach")
                {
                    shared.Attach(device);
                }

                return (name switch
                {
                    "Attach" => () => shared.Attach(device),
                    "Detach" => () => shared.Detach(device),
                    _ => () => Assert.Equal(HmmResult.Ok, shared.Fault(range, isWrite: false)),
                }, shared.Remove);
        }
    }

    /// <summary>R28, R15: a use too many is told; and while the last one goes, whoever wants the notifier gets another.</summary>
    [Fact]
    public void LastPut_HidesTheNotifier_AndOneMoreIsReported()
    {
        AddressSpace mm = NewMm();
        using (mm.MmapSem.EnterWrite())
        {
            Telling first = MmuNotifiers.GetLocked(mm, () => new Telling())!;
            Telling? second = null;
            SchedulePoint.Hook = name => second = name == "R15.last-use" ? second ?? MmuNotifiers.GetLocked(mm, () => new Telling()) : second;
            mm.Notifiers.Put(first);
            SchedulePoint.Hook = null;
            Assert.NotNull(second);
            Assert.NotSame(first, second);
            Assert.Throws<InvalidOperationException>(() => mm.Notifiers.Put(first));
            Assert.Equal("R28: a notifier is unregistered twice, or was never registered", SingleReport(LockdepReportKind.MirrorProtocol).Message);
            mm.Notifiers.Put(second);
        }
    }

    /// <summary>R29: who was removed hears of no window, so nothing that was read is known to be true.</summary>
    [Fact]
    public void IntervalAfterItsRemoval_ConfirmsNothing()
    {
        AddressSpace mm = NewMm();
        var interval = new Interval(() => { });
        interval.Insert(mm, Map(mm, 1));
        ReadSequence sequence = interval.ReadBegin();
        Assert.False(interval.CheckRetry(sequence));
        interval.Remove();
        Assert.True(interval.CheckRetry(sequence));
        Assert.Throws<InvalidOperationException>(() => interval.ReadBegin());
        using (interval.DriverLock.Enter())
        {
            Assert.Throws<InvalidOperationException>(() => interval.ReadRetry(sequence));
        }

        Assert.Throws<InvalidOperationException>(interval.Remove);
        Assert.Throws<InvalidOperationException>(() => interval.Insert(mm, AddressRange.All));

        // Each mistake once, however often it is made: used, removed again, inserted again.
        Assert.Equal(3, Reports.Length);
    }

    private static void Throw() => throw new InvalidOperationException("no");

    private static HmmResult RegisterOne(AddressSpace mm, Mirror mirror)
    {
        Register(mm, mirror);
        return HmmResult.Ok;
    }

    private static void Register(AddressSpace mm, params Mirror[] mirrors)
    {
        using (mm.MmapSem.EnterWrite())
        {
            Array.ForEach(mirrors, mirror => Assert.Equal(HmmResult.Ok, mirror.Register(mm)));
        }
    }

    private void AssertThrew(string message, int times)
    {
        IEnumerable<string> messages = Reports.Select(report => report.Message);
        Assert.Equal(Enumerable.Repeat(message, times), messages);
    }
}
