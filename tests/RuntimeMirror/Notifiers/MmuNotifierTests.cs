// Notifiers of a whole address space: who is told, who is not, and what is reported.
using System;
using System.Collections.Generic;
using System.Threading;
using Locking.Mirror;
using Locking.Tests.Harness;
using Locking.Tests.Mirror.Schedules;
using Xunit;

namespace Locking.Tests.Mirror.Notifiers;

public sealed class MmuNotifierTests : MirrorTest
{
    private sealed class Recorder : MmuNotifier
    {
        public List<string> Log { get; } = [];

        public Func<InvalidateRange, NotifierResult> Start { get; set; } = _ => NotifierResult.Ok;

        protected internal override NotifierResult OnInvalidateStart(in InvalidateRange range)
        {
            Log.Add("start " + range.Event);
            return Start(range);
        }

        protected internal override void OnInvalidateEnd(in InvalidateRange range) => Log.Add("end " + range.Event);

        protected internal override void OnRelease() => Log.Add("release");

        protected internal override void OnFree() => Log.Add("free");
    }

    [Fact]
    public void Windows_AreToldWithTheirReason()
    {
        AddressSpace mm = NewMm();
        var recorder = new Recorder();
        Assert.Equal(NotifierResult.Ok, MmuNotifiers.Register(recorder, mm));
        AddressRange range = Map(mm, 2);
        Write(mm, range, Words(range));
        mm.Protect(range, VmaFlags.Read);
        Fork(mm);
        mm.Protect(range, VmaFlags.ReadWrite);
        recorder.Log.Clear();
        Write(mm, Part(range, 0, 1), Words(Part(range, 0, 1)));
        mm.Discard(range);
        mm.Unmap(range);
        Assert.Equal(["start Clear", "end Clear", "start Clear", "end Clear", "start Unmap", "end Unmap"], recorder.Log);
        mm.Notifiers.Unregister(recorder);
        Assert.Equal("release", recorder.Log[^1]);
    }

    [Fact]
    public void ExitAndUnregister_ReleaseOnce()
    {
        AddressSpace mm = NewMm();
        var recorder = new Recorder();
        MmuNotifiers.Register(recorder, mm);
        mm.Users.Put();
        Assert.Equal(["release"], recorder.Log);
        Assert.False(mm.IsFreed);
        mm.Notifiers.Unregister(recorder);
        Assert.Equal(["release"], recorder.Log);
        Assert.True(mm.IsFreed);
    }

    /// <summary>HX-04, R32: the second of three refuses; the others hear the end, and it does not.</summary>
    [Fact]
    public void RefusedStart_IsEndedForThoseThatStarted()
    {
        AddressSpace mm = NewMm();
        Recorder[] all = [new(), new() { Start = range => range.IsBlockable ? NotifierResult.Ok : NotifierResult.Again }, new()];
        Array.ForEach(all, recorder => MmuNotifiers.Register(recorder, mm));
        AddressRange range = Map(mm, 1);
        Write(mm, range, Words(range));
        Array.ForEach(all, recorder => recorder.Log.Clear());
        Assert.Equal(MmResult.Again, mm.OomReap());
        Assert.Equal(["start Clear", "end Clear"], all[0].Log);
        Assert.Equal(["start Clear"], all[1].Log);
        Assert.Equal(["start Clear", "end Clear"], all[2].Log);
        Assert.Equal(0, mm.Notifiers.OpenWindows);
        Assert.True(Words(range).AsSpan().SequenceEqual(Read(mm, range)));
        Array.ForEach(all, recorder => mm.Notifiers.Unregister(recorder));
    }

    /// <summary>R34: only a window that must not block may be refused.</summary>
    [Fact]
    public void RefusingABlockableWindow_IsReportedAndIgnored()
    {
        AddressSpace mm = NewMm();
        var recorder = new Recorder { Start = _ => NotifierResult.Again };
        MmuNotifiers.Register(recorder, mm);
        AddressRange range = Map(mm, 1);
        Write(mm, range, Words(range));
        Assert.Equal(MmResult.Ok, mm.Unmap(range));
        Assert.Equal("R34: a notifier answered Again to a blockable window", SingleReport(LockdepReportKind.MirrorProtocol).Message);
        mm.Notifiers.Unregister(recorder);
    }

    /// <summary>Where the report of that throws, the window has not started: nobody waits for it, and who heard of it hears the end.</summary>
    [Fact]
    public void ThrowingReport_LeavesNoWindowOpen()
    {
        AddressSpace mm = NewMm();
        Recorder[] all = [new(), new() { Start = _ => NotifierResult.Again }, new()];
        Array.ForEach(all, recorder => MmuNotifiers.Register(recorder, mm));
        AddressRange range = Map(mm, 1);
        Lockdep.Sink = new ThrowingSink();
        LockdepException thrown = Assert.Throws<LockdepException>(() => mm.Notifiers.Start(new InvalidateRange(mm, range, InvalidateEvent.Clear)));
        Assert.Equal("R34: a notifier answered Again to a blockable window", thrown.Report.Message);
        Assert.Equal(["start Clear", "end Clear"], all[2].Log);
        Assert.Equal(["start Clear"], all[1].Log);
        Assert.Empty(all[0].Log);
        Assert.Equal(0, mm.Notifiers.OpenWindows);
        Assert.True(mm.Notifiers.IsQuiet);
        Array.ForEach(all, recorder => mm.Notifiers.Unregister(recorder));
    }

    [Fact]
    public void ThrowingCallback_IsReported_AndTheWindowGoesOn()
    {
        AddressSpace mm = NewMm();
        var recorder = new Recorder { Start = _ => throw new InvalidOperationException("no") };
        MmuNotifiers.Register(recorder, mm);
        AddressRange range = Map(mm, 1);
        Assert.Equal(MmResult.Ok, mm.Unmap(range));
        Assert.Equal("OnInvalidateStart threw InvalidOperationException: no", SingleReport(LockdepReportKind.CallbackThrew).Message);
        mm.Notifiers.Unregister(recorder);
    }

    /// <summary>NF-18, R28.</summary>
    [Fact]
    public void SecondUnregister_IsReported()
    {
        AddressSpace mm = NewMm();
        var recorder = new Recorder();
        MmuNotifiers.Register(recorder, mm);
        mm.Notifiers.Unregister(recorder);
        Assert.Throws<InvalidOperationException>(() => mm.Notifiers.Unregister(recorder));
        Assert.Throws<InvalidOperationException>(() => MmuNotifiers.Register(recorder, mm));
        Assert.Equal(2, Reports.Length);
    }

    /// <summary>NF-07, R33: a callback that refuses must not keep a lock.</summary>
    [Fact]
    public void RefusalThatKeepsALock_IsReported()
    {
        AddressSpace mm = NewMm();
        var sem = new UmemRwsem();
        var recorder = new Recorder();
        recorder.Start = range =>
        {
            if (range.IsBlockable)
            {
                return NotifierResult.Ok;
            }

            sem.TryAcquireRead();
            return NotifierResult.Again;
        };
        MmuNotifiers.Register(recorder, mm);
        Map(mm, 1);
        Assert.Equal(MmResult.Again, mm.OomReap());
        sem.ReleaseRead();
        Assert.Equal(LockdepReportKind.HeldAtExit, SingleReport(LockdepReportKind.HeldAtExit).Kind);
        mm.Notifiers.Unregister(recorder);
    }

    /// <summary>NF-11, R44: the callback takes a mutex; faulting with it held is a cycle, without any deadlock.</summary>
    [Fact]
    public void FaultUnderALockOfTheCallback_IsReported()
    {
        AddressSpace mm = NewMm();
        var mutex = new UmemMutex();
        var recorder = new Recorder();
        recorder.Start = _ =>
        {
            using (mutex.Enter())
            {
                return NotifierResult.Ok;
            }
        };
        MmuNotifiers.Register(recorder, mm);
        AddressRange range = Map(mm, 1);
        mm.Discard(range);
        using (mutex.Enter())
        {
            Assert.Equal(MmResult.Ok, mm.CpuWrite(range.Start, [1]));
        }

        // Over the semaphore, and, where that were not held in the callback, over the window.
        AssertReported(LockdepReportKind.CircularDependency, LockdepReportKind.CircularDependency);
        mm.Notifiers.Unregister(recorder);
    }

    /// <summary>NF-15, R05: a put that may be the last, under a lock that the release callback takes.</summary>
    [Fact]
    public void PutUnderALockOfTheRelease_IsReported()
    {
        AddressSpace mm = NewMm();
        AddressSpace other = NewMm();
        var mutex = new MutexLock(LockClass.Named("test.driver"));
        var releasing = new Releasing(mutex);
        MmuNotifiers.Register(releasing, other);
        other.Users.Put();
        mm.Users.Get();
        using (mutex.Enter())
        {
            mm.Users.Put();
        }

        Assert.Equal(LockdepReportKind.CircularDependency, Assert.Single(Reports).Kind);
        other.Notifiers.Unregister(releasing);
    }

    /// <summary>NF-02, R01: a grab is not a get.</summary>
    [Fact]
    public void WalkWithoutAUserReference_IsReported()
    {
        AddressSpace mm = NewMm();
        Threads.Run(() =>
        {
            using (mm.MmapSem.EnterRead())
            {
                mm.FindVma(default);
            }
        });
        Assert.Equal(LockdepReportKind.ReferenceNotOwned, SingleReport(LockdepReportKind.ReferenceNotOwned).Kind);
    }

    /// <summary>NF-02, R02: the semaphore does not keep the exit away.</summary>
    [Fact]
    public void VmaHeldOverTheExit_IsPoisoned()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 1);
        mm.MmapSem.AcquireRead();
        Vma vma = mm.VmaAt(range.Start)!;
        mm.MmapSem.ReleaseRead();
        mm.Users.Put();
        _ = vma.Range;
        Assert.StartsWith("INV-14", SingleReport(LockdepReportKind.MirrorProtocol).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_TakesTheSemaphore_AndSharesTheNotifier()
    {
        AddressSpace mm = NewMm();
        Recorder first = MmuNotifiers.Get(mm, () => new Recorder())!;
        Assert.Same(first, MmuNotifiers.Get(mm, () => new Recorder()));
        Assert.Null(MmuNotifiers.Get<OtherRecorder>(mm, () => null));
        mm.Notifiers.Put(first);
        mm.Discard(Map(mm, 1));
        mm.Notifiers.Put(first);
        MmuNotifiers.SynchronizeAll();
        Assert.Throws<ArgumentNullException>(() => MmuNotifiers.Get<Recorder>(mm, null!));
        Assert.False(mm.MmapSem.IsWriteHeldByCurrentThread);
    }

    private sealed class OtherRecorder : MmuNotifier;

    [Fact]
    public void GetLocked_SharesANotifier_AndTheLastPutFreesItAfterAGracePeriod()
    {
        AddressSpace mm = NewMm();
        using (mm.MmapSem.EnterWrite())
        {
            Recorder first = MmuNotifiers.GetLocked(mm, () => new Recorder())!;
            Assert.Same(first, MmuNotifiers.GetLocked(mm, () => new Recorder()));
            mm.Notifiers.Put(first);
            Assert.Empty(first.Log);
            mm.Notifiers.Put(first);
            MmuNotifiers.SynchronizeAll();
            Assert.Equal(["free"], first.Log);
        }
    }

    private sealed class Releasing(MutexLock mutex) : MmuNotifier
    {
        protected internal override void OnRelease()
        {
            using (mutex.Enter())
            {
            }
        }
    }
}
