// The schedules that break the designs that were replaced: each is caught, and the same schedule is harmless for what replaced it.
using System;
using Locking.Mirror;
using Locking.Tests.Harness;
using Locking.Tests.Mirror.Schedules;
using Xunit;

namespace Locking.Tests.Mirror.Notifiers;

public sealed class OldDesignTests : MirrorTest
{
    /// <summary>NF-09, HX-02: between the walk and the check a whole window passes, and the flag is true again.</summary>
    [Fact]
    public void Mirror52_WindowInAGap_InstallsAFreePage()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Populated(mm);
        var mirror = new Mirror52(_ => false);
        MmuNotifiers.Register(mirror, mm);
        Page walked = PageAt(mm, range.Start);
        mm.Discard(range);
        mirror.Install(walked);
        Assert.True(mirror.IsValid);
        Assert.Throws<InvalidOperationException>(() => mirror.Installed!.Get());
        Assert.Equal($"Frame {walked.Frame:x} is free, and somebody refers to it", SingleReport(LockdepReportKind.MirrorProtocol).Message);
        mm.Notifiers.Unregister(mirror);
    }

    /// <summary>NF-06, INV-16: a refused start is counted and never ended, so the flag stays down for good.</summary>
    [Fact]
    public void Mirror52_RefusedWindow_IsNeverValidAgain()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Populated(mm);
        var mirror = new Mirror52(window => !window.IsBlockable);
        MmuNotifiers.Register(mirror, mm);
        Assert.Equal(MmResult.Again, mm.OomReap());
        Assert.Equal((0, 1), (mm.Notifiers.OpenWindows, mirror.Windows));
        mm.Discard(range);
        Assert.False(mirror.IsValid);
        mm.Notifiers.Unregister(mirror);
    }

    /// <summary>NF-10, R54: the window comes between the unlock and the count, believes the count, and leaves the page mapped.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ClassicOdp_WindowBeforeTheCount_LeavesAFreePageMapped(bool countsLate)
    {
        AddressSpace mm = NewMm();
        AddressRange range = Populated(mm);
        var odp = new ClassicOdp(countsLate);
        MmuNotifiers.Register(odp, mm);
        Page page = PageAt(mm, range.Start);
        Interleaving.At("R54.after-unlock-before-count", Interleaving.AsUser(mm, () => mm.Discard(range)));
        Assert.True(odp.TryMap(odp.Sequence, page));
        Assert.Equal(countsLate, odp.Mapped is { IsFree: true });
        Assert.Equal(countsLate ? page : null, odp.Mapped);
        mm.Notifiers.Unregister(odp);
    }

    /// <summary>F15, INV-07: the sequence grows once with each end, and a fault that a window came into does not succeed.</summary>
    [Fact]
    public void ClassicOdp_CountsWindows()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Populated(mm);
        var odp = new ClassicOdp(countsLate: false);
        MmuNotifiers.Register(odp, mm);
        Page page = PageAt(mm, range.Start);
        int before = odp.Sequence;
        var window = new InvalidateRange(mm, range, InvalidateEvent.ProtectionPage);
        mm.Notifiers.Start(window);
        Assert.False(odp.TryMap(before, page));
        mm.Notifiers.End(window);
        Assert.Equal(before + 1, odp.Sequence);
        Assert.False(odp.TryMap(before, page));
        Assert.True(odp.TryMap(odp.Sequence, page));
        mm.Notifiers.Unregister(odp);
    }

    /// <summary>INV-07: an end without its start is reported.</summary>
    [Fact]
    public void ClassicOdp_EndWithoutStart_IsReported()
    {
        AddressSpace mm = NewMm();
        var odp = new ClassicOdp(countsLate: false);
        odp.OnInvalidateEnd(new InvalidateRange(mm, AddressRange.All, InvalidateEvent.Unmap));
        Assert.Equal("INV-07: a window ends that was not counted", SingleReport(LockdepReportKind.MirrorProtocol).Message);
    }

    /// <summary>NF-03, R11: the last put comes while a callback runs; freed at once, the callback goes on in what is freed.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Hmm52_LastPutInsideACallback_FreesUnderIt(bool waits)
    {
        AddressSpace mm = NewMm();
        AddressRange range = Populated(mm);
        var hmm = new Freed52();
        MmuNotifiers.Register(hmm, mm);
        Interleaving.At("R11.in-callback", () =>
        {
            mm.Notifiers.UnregisterNoRelease(hmm);
            if (waits)
            {
                Machine.NotifierSrcu.Call(hmm.Free);
            }
            else
            {
                hmm.Free();
            }
        });
        mm.Discard(range);
        Machine.NotifierSrcu.Barrier();
        Assert.True(hmm.IsFreed);
        Assert.Equal(waits ? [] : ["R11: a callback runs in what was freed"], System.Array.ConvertAll(Reports, report => report.Message));
    }

    /// <summary>NF-04, R14: while a callback runs, its object goes and another one comes; looked up again, the wrong one counts the window.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Hmm52_LookedUpAgainInACallback_IsAnotherOne(bool looksUp)
    {
        AddressSpace mm = NewMm();
        AddressRange range = Populated(mm);
        var current = new Published52();
        var first = new Counting52(current, looksUp);
        var second = new Counting52(current, looksUp);
        current.Hmm = first;
        MmuNotifiers.Register(first, mm);
        Interleaving.At("R14.in-callback", () =>
        {
            mm.Notifiers.UnregisterNoRelease(first);

            // 5.2 publishes before it registers, and registering waits for this window.
            current.Hmm = second;
        });
        mm.Discard(range);
        SchedulePoint.Hook = null;
        Assert.Equal(NotifierResult.Ok, MmuNotifiers.Register(second, mm));
        mm.Discard(range);

        // Looked up, a window that the second was never told the end of stays open in it for good.
        Assert.Equal(looksUp ? 1 : 0, second.Windows);
        Assert.Equal(looksUp ? 0 : 1, first.Windows);
        mm.Notifiers.Unregister(second);
    }

    /// <summary>NF-08, R23, R12: the list is unlocked around a release callback; whoever unregisters then does not wait for it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Mirrors52_UnlockedAroundRelease_CallWhatWasFreed(bool unlocks)
    {
        AddressSpace mm = NewMm();
        var mirrors = new Mirrors52(unlocks);
        var listener = new Listener52();
        mirrors.Add(listener);
        MmuNotifiers.Register(mirrors, mm);
        Func<Threads.Running> unregistering = Interleaving.Begin("R23.before-release", () =>
        {
            mirrors.Remove(listener);
            listener.IsFreed = true;
        });
        mm.Users.Put();
        unregistering().End();
        Assert.True(listener.IsFreed);
        Assert.Equal(unlocks ? ["R12: a mirror is released that was unregistered"] : [], System.Array.ConvertAll(Reports, report => report.Message));
        mm.Notifiers.Unregister(mirrors);
    }

    private AddressRange Populated(AddressSpace mm)
    {
        AddressRange range = Map(mm, 1);
        Write(mm, range, Words(range));
        return range;
    }

    private Page PageAt(AddressSpace mm, Address address) => Machine.Memory.PageOf(mm.PageTable.Find(address, out int index).Read(index).Frame);
}
