// Translation tables without memory: faults say so, windows take more than they would have to.
using System;
using System.Linq;
using Locking.Mirror;
using Xunit;

namespace Locking.Tests.Mirror.Odp;

public sealed class TranslationTests : OdpTest
{
    /// <summary>R70: one entry of 512 pages of which one goes, and no memory to keep the others: all go, and are faulted again.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(511)]
    public void WindowWithoutMemory_TakesTheWholeBlock(int page)
    {
        (End near, End far, AddressRange range, MemoryRegion region, MemoryRegion target) = Mapped();
        SchedulePoint.Failure = site => site == "translation";
        near.Mm.NumaScan(Part(range, page, 1));
        SchedulePoint.Failure = null;
        Assert.Equal(512, Mapped(region));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(region, range, target.Key, target.Addresses.Start));
        Assert.True(Words(range).AsSpan().SequenceEqual(Read(far.Mm, target.Addresses)));
    }

    /// <summary>The same with memory: one page goes.</summary>
    [Fact]
    public void WindowWithMemory_TakesItsPage()
    {
        (End near, _, AddressRange range, MemoryRegion region, _) = Mapped();
        near.Mm.NumaScan(Part(range, 200, 1));
        Assert.Equal(1023, Mapped(region));
        Assert.True(region.Memory!.Table[new UmemPages(200)] == 0 && region.Memory.Table[new UmemPages(201)] != 0);
    }

    /// <summary>A window over parts of two blocks, where only one of them can be split: by the umem, not by the device; and the other way round.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void OneFailureInAWindow_LeavesBothTablesAlike(int failing)
    {
        (End near, _, AddressRange range, MemoryRegion region, _) = Mapped();
        SchedulePoint.Failure = site => site == "translation" && failing-- == 0;
        near.Mm.NumaScan(Part(range, 500, 24));
        SchedulePoint.Failure = null;
        long mapped = Mapped(region);
        Assert.Contains(mapped, new long[] { 500, 1000 });
        UmemEntries umem = region.Memory!.Umem.Mappings, device = region.Memory.Table;

        // What the device knows is mapped; what is mapped it may have to fault once more.
        Assert.All(Enumerable.Range(0, 1024), i => Assert.True(device[new UmemPages(i)] == 0 || device[new UmemPages(i)] == umem[new UmemPages(i)]));
        Assert.All(Enumerable.Range(500, 24), i => Assert.Equal(0UL, device[new UmemPages(i)]));
    }

    /// <summary>Pages that do not follow each other need entries of their own: without memory for them a fault fails, and nothing is lost.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void FaultWithoutMemory_Fails_AndTheNextSucceeds(int failing)
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 4), Map(far.Mm, 4));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        for (int page = 3; page >= 0; page--)
        {
            Write(near.Mm, Part(from, page, 1), Words(Part(from, page, 1), page));
        }

        int countdown = failing;
        SchedulePoint.Failure = site => site == "translation" && countdown-- == 0;
        Assert.Equal(OdpResult.NoMemory, near.Context.Prefetch(PrefetchAdvice.Read, [(source.Key, from)], flush: true));
        SchedulePoint.Failure = null;
        Assert.Equal(Lockdep.IsEnabled ? Mapped(source) : 0, near.Device.Dma.Count);
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(0UL, source.Memory!.Table[new UmemPages(i)]));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.Equal(Read(near.Mm, from), Read(far.Mm, to));
    }

    /// <summary>4 MiB of huge pages, written and mapped by the device: two entries.</summary>
    private (End Near, End Far, AddressRange Range, MemoryRegion Region, MemoryRegion Target) Mapped()
    {
        (End near, End far) = Connected();
        AddressRange range = Map(near.Mm, 1024);
        near.Mm.AdviseHuge(range);
        Write(near.Mm, range, Words(range));
        (MemoryRegion region, MemoryRegion target) = (Register(near, range), Register(far, Map(far.Mm, 1024)));
        Assert.Equal(OdpResult.Ok, near.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, range)], flush: true));
        Assert.Equal((1024, 2), (Mapped(region), region.Memory!.Table.Runs));
        return (near, far, range, region, target);
    }
}
