// What windows demand of callbacks, installs, inserts and drains.
using System;
using System.Linq;
using System.Threading;
using Locking.Mirror;
using Locking.Tests.Harness;
using Locking.Tests.Mirror.Odp;
using Xunit;

namespace Locking.Tests.Mirror.Schedules;

public sealed class WindowTests : OdpTest
{
    private sealed class Watcher(Action<InvalidateRange> callback) : IntervalNotifier(new MutexLock(LockClass.Named("test.watcher")))
    {
        protected internal override bool OnInvalidate(in InvalidateRange range, ulong sequence)
        {
            callback(range);
            using (DriverLock.Enter())
            {
                SetSequence(sequence);
            }

            return true;
        }
    }

    private sealed class Counted : MmuNotifier
    {
        public int Frees { get; private set; }

        protected internal override void OnFree() => Frees++;
    }

    private sealed class Memory(Machine machine) : DeviceMemory(machine, DeviceMemoryKind.Coherent, new BasePages(1), owner: machine)
    {
        protected internal override void OnPageFree(Page page)
        {
        }

        protected internal override MmResult MigrateToRam(in DeviceFault fault) => MmResult.Fault;
    }

    [Fact]
    public void CallbackThatDoesNotReturnInTime_IsReportedWhileItRuns()
    {
        TimeSpan usual = Machine.CallbackTimeout;
        Machine.CallbackTimeout = TimeSpan.FromMilliseconds(20);
        try
        {
            AddressSpace mm = NewMm();
            AddressRange range = Map(mm, 1);
            var watcher = new Watcher(_ => Threads.Await(() => Reports.Length > 0, "the callback is reported"));
            watcher.Insert(mm, range);
            Assert.Equal(MmResult.Ok, mm.Discard(range));
            Assert.Equal("OnInvalidate of Watcher has not returned for 0.02 s; whoever opened the window waits", SingleReport(LockdepReportKind.MirrorProtocol).Message);
            watcher.Remove();
        }
        finally
        {
            Machine.CallbackTimeout = usual;
        }
    }

    [Fact]
    public void InstallInsideAWindow_IsReported()
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 2);
        Write(end.Mm, range, Words(range));
        MemoryRegion region = Register(end, range);
        UmemOdp umem = region.Memory!.Umem;
        var window = new InvalidateRange(end.Mm, Part(range, 1, 1), InvalidateEvent.ProtectionPage);
        Assert.Equal(NotifierResult.Ok, end.Mm.Notifiers.Start(window));
        using (umem.DriverLock.Enter())
        {
            end.Device.Install(region.Memory, new UmemPages(0), new UmemPages(1));
            end.Device.Install(region.Memory, new UmemPages(0), new UmemPages(2));
        }

        end.Mm.Notifiers.End(window);
        Assert.Equal($"INV-03: {range} is installed inside a window over it", SingleReport(LockdepReportKind.MirrorProtocol).Message);
    }

    /// <summary>INV-11: a reader of the list keeps the container.</summary>
    [Fact]
    public void PutNotifier_IsFreedOnlyAfterReadersHaveLeft()
    {
        AddressSpace mm = NewMm();
        Counted counted;
        using (mm.MmapSem.EnterWrite())
        {
            counted = MmuNotifiers.GetLocked(mm, () => new Counted())!;
        }

        using (Machine.NotifierSrcu.EnterRead())
        {
            mm.Notifiers.Put(counted);
            Assert.Equal(0, counted.Frees);
        }

        Machine.NotifierSrcu.Barrier();
        Assert.Equal(1, counted.Frees);
    }

    /// <summary>HX-19, INV-06: intervals come and go inside a window that has frozen the tree.</summary>
    [Fact]
    public void IntervalsInsertedAndRemovedInsideAWindow_AreDeferredAndThenDone()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 4);
        var first = new Watcher(_ => { });
        first.Insert(mm, range);
        var window = new InvalidateRange(mm, range, InvalidateEvent.ProtectionPage);
        mm.Notifiers.Start(window);
        Watcher[] others = [.. Enumerable.Range(0, 4).Select(_ => new Watcher(_ => { }))];
        Array.ForEach(others, other => Assert.Equal(NotifierResult.Ok, other.Insert(mm, Part(range, 1, 2))));
        Threads.Run(Interleaving.AsUser(mm, () => Array.ForEach(others[..2], other => other.Remove())));
        Assert.False(mm.Notifiers.IsQuiet);
        Threads.Running removing = Threads.Start(Interleaving.AsUser(mm, first.Remove));
        Threads.AwaitBlocked(removing);
        mm.Notifiers.End(window);
        removing.End();
        Assert.True(mm.Notifiers.IsQuiet);
        Assert.Equal(2, mm.Notifiers.IntervalCount);
        int told = 0;
        var last = new Watcher(_ => told++);
        last.Insert(mm, range);
        mm.Discard(range);
        Assert.Equal(1, told);
        Array.ForEach([others[2], others[3], last], other => other.Remove());
    }

    /// <summary>
    /// HX-13, T06, NF-23: who owns a page takes the allocation lock for more; who drains the pages waits under it. The owner says that it holds what
    /// is drained; then the cycle shows without any deadlock.
    /// </summary>
    [Fact]
    public void DrainUnderTheLockOfThoseWhoAreWaitedFor_IsReported()
    {
        var memory = new Memory(Machine);
        var chunks = new MutexLock(LockClass.Named("test.devmem_lock"));
        Page page = memory.AllocateLocked()!;
        VirtualLocks.ReferenceDrain.AcquireRead();
        using (chunks.Enter())
        {
            Assert.Null(memory.AllocateLocked());
        }

        page.Unlock();
        page.Put();
        VirtualLocks.ReferenceDrain.Release();
        using (chunks.Enter())
        {
            memory.KillAndDrain();
        }

        Assert.Equal(LockdepReportKind.CircularDependency, SingleReport(LockdepReportKind.CircularDependency).Kind);
    }
}
