// Memory regions: faults, windows, the end of either side.
using System;
using System.Linq;
using Locking.Mirror;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Mirror.Odp;

public sealed class RegionTests : OdpTest
{
    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    public void WriteToTheOtherEnd_ArrivesInItsMemory(int shift)
    {
        Machine = new Machine(new PageShift(shift));
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 8), Map(far.Mm, 8));
        Write(near.Mm, from, Words(from));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.True(Words(from).AsSpan().SequenceEqual(Read(far.Mm, to)));
        Assert.Equal((8, 8), (Mapped(source), Mapped(target)));
        Assert.Equal(QueuePairState.Ready, near.Queue.State);
    }

    [Fact]
    public void OffsetsAndLengthsOfAnyKind_MoveExactlyTheBytesAskedFor()
    {
        // R59: an access that crosses into a page by one byte needs that page.
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 4), Map(far.Mm, 4));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        byte[] content = Words(from);
        Write(near.Mm, from, content);
        foreach ((int offset, int length, int there) in new[] { (0, 1, 0), (4095, 2, 1), (1, 4096, 4095), (17, 8192, 3), (100, 0, 0) })
        {
            Write(far.Mm, to, new byte[to.Length.Value]);
            AddressRange part = AddressRange.Of(from.Start + new Bytes((ulong)offset), new Bytes((ulong)length));
            Assert.Equal(OdpResult.Ok, near.Queue.Write(source, part, target.Key, to.Start + new Bytes((ulong)there)));
            byte[] expected = new byte[to.Length.Value];
            content.AsSpan(offset, length).CopyTo(expected.AsSpan(there));
            Assert.True(expected.AsSpan().SequenceEqual(Read(far.Mm, to)), $"{offset} {length} {there}");
        }
    }

    [Fact]
    public void SendGoesIntoOfferedMemory_ReadComesBack()
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 2), Map(far.Mm, 2));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        Write(near.Mm, from, Words(from));
        Assert.Equal(OdpResult.NoEntry, near.Queue.Send(source, from));
        far.Queue.PostReceive(target, to);
        Assert.Equal(OdpResult.Ok, near.Queue.Send(source, from));
        Write(near.Mm, from, new byte[from.Length.Value]);
        Assert.Equal(OdpResult.Ok, near.Queue.Read(source, from, target.Key, to.Start));
        Assert.True(Words(from).AsSpan().SequenceEqual(Read(near.Mm, from)));
    }

    [Fact]
    public void Unmap_TakesPagesFromTheDevice_AndTheNextAccessFails()
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 8), Map(far.Mm, 8));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.Equal(MmResult.Ok, far.Mm.Unmap(Part(to, 2, 3)));
        Assert.Equal(5, Mapped(target));
        Assert.Equal(OdpResult.Fault, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.Equal((QueuePairState.Error, OdpResult.Invalid), (near.Queue.State, near.Queue.Write(source, from, target.Key, to.Start)));

        // Mapping again makes the region whole, and what was there before is gone.
        near.Queue.Reset();
        Assert.Equal(MmResult.Ok, far.Mm.MapAt(Part(to, 2, 3), VmaFlags.ReadWrite));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.Equal(8, Mapped(target));
    }

    [Fact]
    public void WhatTheDeviceWrote_SurvivesReclaim_AndReachesTheFile()
    {
        (End near, End far) = Connected();
        MemoryFile file = Machine.CreateFile();
        AddressRange from = Map(near.Mm, 4);
        AddressRange to = Map(far.Mm, 4, VmaFlags.ReadWrite | VmaFlags.Shared, file);
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        Write(near.Mm, from, Words(from));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.Equal(4, near.Mm.Reclaim(from));
        Assert.Equal(4, far.Mm.Reclaim(to));
        Assert.Equal((0, 0), (Mapped(source), Mapped(target)));
        file.DropCaches();
        byte[] stored = new byte[to.Length.Value];
        Assert.True(file.Read(default, stored));
        Assert.True(Words(from).AsSpan().SequenceEqual(stored));
        Assert.True(Words(from).AsSpan().SequenceEqual(Read(near.Mm, from)));
        file.DropCaches();
    }

    [Fact]
    public void Fork_KeepsTheChildFromSeeingWhatTheDeviceWritesLater()
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 4), Map(far.Mm, 4));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        Write(near.Mm, from, Words(from));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        AddressSpace child = Fork(far.Mm);
        Write(near.Mm, from, Words(from, 5));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.True(Words(from).AsSpan().SequenceEqual(Read(child, to)));
        Assert.True(Words(from, 5).AsSpan().SequenceEqual(Read(far.Mm, to)));
    }

    [Fact]
    public void ReadOnlyRegion_RefusesWritesAndPrefetchForWriting()
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 1), Map(far.Mm, 1));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to, OdpAccess.Read));
        Assert.Equal(OdpResult.Fault, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.Equal(OdpResult.NotPermitted, far.Context.Prefetch(PrefetchAdvice.Write, [(target.Key, to)], flush: true));
        Assert.Equal(OdpResult.Ok, far.Context.Prefetch(PrefetchAdvice.Read, [(target.Key, to)], flush: true));
        Assert.Equal(1, Mapped(target));
    }

    [Fact]
    public void Prefetch_MapsAhead_AndWithoutFaultsOnlyWhatIsThere()
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 1024), Map(far.Mm, 1024));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        Write(far.Mm, Part(to, 0, 3), Words(Part(to, 0, 3)));
        Assert.Equal(OdpResult.Ok, far.Context.Prefetch(PrefetchAdvice.NoFault, [(target.Key, to)], flush: true));
        Assert.Equal(3, Mapped(target));
        Assert.Equal(OdpResult.Ok, far.Context.Prefetch(PrefetchAdvice.Write, [(target.Key, to)], flush: true));
        Assert.Equal(OdpResult.Ok, near.Context.Prefetch(PrefetchAdvice.Read, [(source.Key, from)], flush: true));
        Assert.Equal((1024, 1024), (Mapped(source), Mapped(target)));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.Equal(0, near.Queue.PageFaults);
        Assert.Equal(OdpResult.NoEntry, far.Context.Prefetch(PrefetchAdvice.Read, [(99u, to)], flush: true));
        Assert.Equal(OdpResult.NotPermitted, far.Context.Prefetch(PrefetchAdvice.Read, [(Register(far, to).Key, to), (RegisterOfOtherContext(far, to), to)], flush: true));
    }

    [Fact]
    public void HugePages_AreOneEntryUntilAPartGoes()
    {
        (End near, End far) = Connected();
        long pages = PageShift.Huge.PagesOf(Machine.BaseShift).Value;
        (AddressRange from, AddressRange to) = (Map(near.Mm, 2 * pages), Map(far.Mm, 2 * pages));
        Assert.Equal(MmResult.Ok, far.Mm.AdviseHuge(to));
        MemoryRegion target = Register(far, to);
        Assert.Equal(OdpResult.Ok, far.Context.Prefetch(PrefetchAdvice.Write, [(target.Key, to)], flush: true));
        Assert.Equal(2, target.Memory!.Table.Runs);
        Assert.Equal(MmResult.Ok, far.Mm.Unmap(Part(to, 7, 1)));
        Assert.Equal(1, target.Memory.Table.Runs);
        MemoryRegion source = Register(near, from);
        AddressRange whole = Part(from, pages, pages);
        Write(near.Mm, whole, Words(whole));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, whole, target.Key, to.Start + Pages(pages)));
        Assert.True(Words(whole).AsSpan().SequenceEqual(Read(far.Mm, Part(to, pages, pages))));
    }

    [Fact]
    public void RegionOfHugePages_LosesAWholePageForEachPart()
    {
        // R60: the index of a page is in the unit of the array.
        (End near, End far) = Connected();
        long pages = PageShift.Huge.PagesOf(Machine.BaseShift).Value;
        AddressRange to = Map(far.Mm, 4 * pages, VmaFlags.ReadWrite | VmaFlags.HugeTlb);
        MemoryRegion target = Register(far, to, shift: PageShift.Huge);
        Assert.Equal(OdpResult.Ok, far.Context.Prefetch(PrefetchAdvice.Write, [(target.Key, to)], flush: true));
        Assert.Equal(4, Mapped(target));
        Assert.Equal(MmResult.Invalid, far.Mm.Unmap(Part(to, 1, 1)));
        Assert.Equal(MmResult.Ok, far.Mm.Unmap(Part(to, pages, pages)));
        Assert.Equal(3, Mapped(target));
        Assert.Equal(OdpResult.Invalid, far.Context.Register(Map(far.Mm, 4), OdpAccess.Read, out _, PageShift.Huge));
        Assert.NotNull(near.Queue);
    }

    [Fact]
    public void ImplicitRegion_MakesLeavesWithFaults_AndDropsEmptyOnes()
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 4), Map(far.Mm, 4));
        (MemoryRegion source, MemoryRegion target) = (RegisterAll(near), RegisterAll(far));
        Write(near.Mm, from, Words(from));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.True(Words(from).AsSpan().SequenceEqual(Read(far.Mm, to)));
        Assert.Equal((1, 1), (source.LeafCount, target.LeafCount));
        Assert.Equal(MmResult.Ok, far.Mm.Unmap(to));
        Threads.Await(() => target.LeafCount == 0, "the empty leaf goes");
        Assert.Equal(OdpResult.Fault, near.Queue.Write(source, from, target.Key, to.Start));
    }

    [Fact]
    public void ExitOfAProcess_StopsItsRegions()
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 4), Map(far.Mm, 4));
        (MemoryRegion source, MemoryRegion target, MemoryRegion all) = (Register(near, from), Register(far, to), RegisterAll(far));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, all.Key, to.Start));
        far.Mm.Users.Put();
        Assert.Equal(0, Mapped(target));
        Assert.True(far.Mm.Grabs.Count > 0 && !far.Mm.IsFreed);
        Assert.Equal(OdpResult.Fault, near.Queue.Write(source, from, target.Key, to.Start));
        near.Queue.Reset();
        Assert.Equal(OdpResult.Fault, near.Queue.Write(source, from, all.Key, to.Start));
        Assert.Equal(OdpResult.Fault, far.Context.Prefetch(PrefetchAdvice.Read, [(target.Key, to)], flush: true));
        Deregister(target);
        Deregister(all);
        Machine.NotifierSrcu.Barrier();
        Assert.True(far.Mm.IsFreed);
    }

    [Fact]
    public void Deregister_EndsTheKey_AndASecondOneIsReported()
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 4), Map(far.Mm, 4));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Deregister(target);
        Assert.Equal(OdpResult.NoEntry, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.Equal(1, far.Mm.Grabs.Count);
        Assert.Throws<InvalidOperationException>(target.Deregister);
        AssertReported(LockdepReportKind.MirrorProtocol);
        Assert.All(Reports, report => Assert.Equal("R28: a memory region is deregistered twice", report.Message));
    }

    [Fact]
    public void BadArguments_AreAnswered()
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 4);
        Assert.Equal(OdpResult.Invalid, end.Context.Register(AddressRange.Of(range.Start, default), OdpAccess.Read, out _));
        Assert.Equal(OdpResult.Invalid, end.Context.Register(new AddressRange(range.End, range.Start), OdpAccess.Read, out _));
        Assert.Equal(OdpResult.Invalid, end.Context.Register(range, OdpAccess.None, out _));
        Assert.Equal(OdpResult.Invalid, end.Context.Register(AddressRange.Of(new Address(ulong.MaxValue - 10), new Bytes(100)), OdpAccess.Read, out _));
        Assert.Equal(OdpResult.Invalid, end.Context.RegisterImplicit(OdpAccess.None, out _));
        MemoryRegion region = Register(end, range);
        Assert.Equal(OdpResult.Fault, end.Context.Prefetch(PrefetchAdvice.Read, [(region.Key, AddressRange.Of(range.Start, Pages(5)))], flush: true));
        Assert.Equal(OdpResult.Invalid, end.Queue.Write(region, range, region.Key, range.Start));
        Assert.Equal(OdpResult.Invalid, new RdmaDevice(new Machine { Features = MirrorFeatures.None }) is var d && d.Machine.CreateAddressSpace() is var mm ? d.Open(mm).RegisterImplicit(OdpAccess.Read, out _) : OdpResult.Ok);
    }

    /// <summary>F17: a window shows a part of a region, or of a window, with no more rights, and nothing where a region or the depth ends.</summary>
    [Fact]
    public void MemoryWindow_ShowsAPartOfWhatAnotherKeyShows()
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 1), Map(far.Mm, 4));
        Write(near.Mm, from, Words(from));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        MemoryWindow[] windows = [.. Enumerable.Range(0, 6).Select(_ => far.Context.OpenWindow())];
        OdpResult Writes(uint key, int page)
        {
            OdpResult result = near.Queue.Write(source, from, key, Part(to, page, 1).Start);
            near.Queue.Reset();
            return result;
        }

        Assert.Equal((OdpResult.Fault, OdpResult.Fault), (Writes(windows[0].Key, 1), Writes(RdmaDevice.NullKey, 1)));
        Assert.Equal(OdpResult.Ok, windows[0].Bind(target.Key, Part(to, 1, 2), OdpAccess.Write));
        Assert.Equal((OdpResult.Fault, OdpResult.Ok, OdpResult.Ok, OdpResult.Fault), (Writes(windows[0].Key, 0), Writes(windows[0].Key, 1), Writes(windows[0].Key, 2), Writes(windows[0].Key, 3)));
        Assert.True(Words(from).AsSpan().SequenceEqual(Read(far.Mm, Part(to, 2, 1))));

        // Each window in a row takes something away; four may lie before the region, in a circle none.
        for (int i = 1; i < windows.Length; i++)
        {
            Assert.Equal(OdpResult.Ok, windows[i].Bind(windows[i - 1].Key, Part(to, 2, 1), OdpAccess.Write));
            Assert.Equal((OdpResult.Fault, i < RdmaDevice.MaxIndirection ? OdpResult.Ok : OdpResult.Fault), (Writes(windows[i].Key, 1), Writes(windows[i].Key, 2)));
        }

        Assert.Equal(OdpResult.Ok, windows[1].Bind(windows[0].Key, Part(to, 2, 1), OdpAccess.Read));
        Assert.Equal((OdpResult.Fault, OdpResult.Ok), (Writes(windows[1].Key, 2), near.Queue.Read(source, from, windows[1].Key, Part(to, 2, 1).Start)));
        windows[0].Bind(windows[1].Key, to, OdpAccess.Write);
        windows[1].Bind(windows[0].Key, to, OdpAccess.Write);
        Assert.Equal(OdpResult.Fault, Writes(windows[0].Key, 1));

        // A region that ends, and a window that ends, are unknown.
        windows[0].Bind(target.Key, to, OdpAccess.Write);
        Assert.Equal((OdpResult.Ok, OdpResult.Invalid), (Writes(windows[0].Key, 1), far.Context.Prefetch(PrefetchAdvice.Read, [(windows[0].Key, to)], flush: true)));
        Assert.Equal(OdpResult.Invalid, windows[0].Bind(target.Key, AddressRange.Of(to.Start, default), OdpAccess.Write));
        windows[2].Unbind();
        Assert.Equal(OdpResult.Fault, Writes(windows[2].Key, 2));
        Deregister(target);
        Assert.Equal(OdpResult.NoEntry, Writes(windows[0].Key, 1));
        windows[0].Close();
        Assert.Equal(OdpResult.NoEntry, Writes(windows[0].Key, 1));
        Assert.Throws<InvalidOperationException>(windows[0].Close);
        Assert.Throws<InvalidOperationException>(() => windows[0].Bind(source.Key, from, OdpAccess.Read));
        AssertReported(LockdepReportKind.MirrorProtocol, LockdepReportKind.MirrorProtocol);
    }

    /// <summary>Addresses that wrap, offers that make no sense, keys that nobody has.</summary>
    [Fact]
    public void OddMessages_AreAnswered()
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 2), Map(far.Mm, 2));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        var inverted = new AddressRange(from.End, from.Start);
        Assert.Equal(OdpResult.Invalid, near.Queue.Send(source, inverted));
        Assert.Equal(OdpResult.Invalid, near.Queue.Write(source, inverted, target.Key, to.Start));
        far.Queue.PostReceive(target, new AddressRange(to.End, to.Start));
        Assert.Equal(OdpResult.Invalid, near.Queue.Send(source, from));
        far.Queue.PostReceive(target, Part(to, 0, 1));
        Assert.Equal(OdpResult.Invalid, near.Queue.Send(source, from));
        Assert.Equal(0, Mapped(target));
        foreach (Address wraps in new[] { new Address(ulong.MaxValue - 10), new Address(ulong.MaxValue - (2 * PageSize) + 1), Address.Limit })
        {
            Assert.Equal(OdpResult.Fault, near.Queue.Write(source, from, target.Key, wraps));
            near.Queue.Reset();
        }

        Assert.Equal(OdpResult.NoEntry, near.Queue.Write(source, from, 4711, to.Start));
        Assert.Equal(OdpResult.Invalid, new QueuePair(near.Context).Write(source, from, target.Key, to.Start));
        near.Queue.Reset();
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
    }

    [Theory]
    [InlineData("page")]
    [InlineData("page table")]
    [InlineData("fault")]
    [InlineData("dma")]
    [InlineData("notifier")]
    [InlineData("translation")]
    public void FailureAtEverySite_LeavesNothingBehind(string site)
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 3), Map(far.Mm, 3));
        for (int failing = 0; failing < 12; failing++)
        {
            int countdown = failing;
            SchedulePoint.Failure = name => name == site && countdown-- == 0;
            if (near.Context.Register(from, OdpAccess.Read, out MemoryRegion? source) == OdpResult.Ok)
            {
                if (far.Context.Register(to, OdpAccess.Write, out MemoryRegion? target) == OdpResult.Ok)
                {
                    near.Queue.Write(source!, from, target!.Key, to.Start);
                    near.Queue.Reset();
                    Mapped(target);
                    target.Deregister();
                }

                source!.Deregister();
            }

            SchedulePoint.Failure = null;
            far.Mm.Discard(to);
            near.Mm.Discard(from);
            Assert.Equal((1, 1), (near.Mm.Grabs.Count, far.Mm.Grabs.Count));
            Assert.Equal((0, 0), (near.Device.Dma.Count, far.Device.Dma.Count));
        }
    }

    private static uint RegisterOfOtherContext(End end, AddressRange range)
    {
        Assert.Equal(OdpResult.Ok, end.Device.Open(end.Mm).Register(range, OdpAccess.Read, out MemoryRegion? region));
        s_other = region;
        return region!.Key;
    }

    private static MemoryRegion? s_other;

    protected override void CheckEnd()
    {
        s_other?.Deregister();
        s_other = null;
        base.CheckEnd();
    }
}
