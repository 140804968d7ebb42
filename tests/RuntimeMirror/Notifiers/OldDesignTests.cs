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

    private AddressRange Populated(AddressSpace mm)
    {
        AddressRange range = Map(mm, 1);
        Write(mm, range, Words(range));
        return range;
    }

    private Page PageAt(AddressSpace mm, Address address) => Machine.Memory.PageOf(mm.PageTable.Find(address, out int index).Read(index).Frame);
}
