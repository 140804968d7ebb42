// mremap of memory that devices use: pages keep their content, devices lose the old addresses, failure changes nothing.
using System;
using System.Linq;
using Locking.Mirror;
using Locking.Tests.Mirror.Schedules;
using Xunit;

namespace Locking.Tests.Mirror.Odp;

public sealed class RemapTests : OdpTest
{
    /// <summary>Small and huge pages; parts that begin or end in the middle of a table.</summary>
    [Theory]
    [InlineData(false, 0, 8, 8)]
    [InlineData(false, 3, 700, 900)]
    [InlineData(true, 0, 1024, 1024)]
    [InlineData(true, 256, 512, 512)]
    [InlineData(true, 500, 100, 101)]
    public void MovedPages_KeepTheirContent_AndTheDeviceLosesTheOldAddresses(bool isHuge, int first, int count, int grown)
    {
        End end = NewEnd();
        AddressRange all = Map(end.Mm, 1024), range = Part(all, first, count);
        if (isHuge)
        {
            Assert.Equal(MmResult.Ok, end.Mm.AdviseHuge(all));
        }

        byte[] words = Words(all);
        Write(end.Mm, all, words);
        end.Mm.Reclaim(Part(range, 1, 1));
        end.Mm.NumaScan(Part(range, 2, 1));
        MemoryRegion region = Register(end, all);
        Assert.Equal(OdpResult.Ok, end.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, all)], flush: true));
        Assert.Equal(1024, Mapped(region));
        end.Mm.Hints.Set(range, new PlacementHint(end.Device));
        ulong before = Machine.Memory.InUse;
        Assert.Equal(MmResult.Ok, end.Mm.Remap(range, Pages(grown), out AddressRange moved));
        Assert.Equal((grown, before), ((int)(moved.Length.Value / PageSize), Machine.Memory.InUse));

        // A huge page goes from the device as a whole when it is split.
        Assert.InRange(Mapped(region), 0, 1024 - count);
        Assert.Null(end.Mm.Hints.At(range.Start));
        int from = first * (int)PageSize, size = count * (int)PageSize;
        Assert.True(words.AsSpan(from, size).SequenceEqual(Read(end.Mm, Part(moved, 0, count))));
        Assert.True(grown == count || Read(end.Mm, Part(moved, count, grown - count)).All(value => value == 0));
        Assert.Equal(OdpResult.Fault, end.Context.Prefetch(PrefetchAdvice.Read, [(region.Key, range)], flush: true));
        Assert.Equal(MmResult.Fault, end.Mm.CpuRead(range.Start, new byte[1]));

        // What lies around it is as it was.
        foreach (AddressRange rest in new[] { new AddressRange(all.Start, range.Start), new AddressRange(range.End, all.End) }.Where(rest => !rest.IsEmpty))
        {
            Assert.Equal(OdpResult.Ok, end.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, rest)], flush: true));
            Assert.True(words.AsSpan((int)(rest.Start - all.Start).Value, (int)rest.Length.Value).SequenceEqual(Read(end.Mm, rest)));
        }

        Assert.Equal(1024 - count, Mapped(region));
    }

    [Fact]
    public void WithoutMemoryForTables_NothingMoves()
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 600);
        Write(end.Mm, range, Words(range));
        MemoryRegion region = Register(end, range);
        for (int failing = 0; failing < 3; failing++)
        {
            int countdown = failing;
            SchedulePoint.Failure = name => name == "page table" && countdown-- == 0;
            MmResult result = end.Mm.Remap(range, range.Length, out AddressRange moved);
            SchedulePoint.Failure = null;
            Assert.True(result == MmResult.NoMemory || (result, failing) == (MmResult.Ok, 2));
            AddressRange now = result == MmResult.Ok ? moved : range;
            Assert.True(Words(range).AsSpan().SequenceEqual(Read(end.Mm, now)));
            Assert.Equal(result == MmResult.Ok ? OdpResult.Fault : OdpResult.Ok, end.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, range)], flush: true));
        }
    }

    [Fact]
    public void OddRanges_AreAnswered()
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 4), pool = Map(end.Mm, 512, VmaFlags.ReadWrite | VmaFlags.HugeTlb);
        Assert.Equal(MmResult.Invalid, end.Mm.Remap(AddressRange.Of(range.Start + new Bytes(1), Pages(1)), Pages(2), out _));
        Assert.Equal(MmResult.Invalid, end.Mm.Remap(AddressRange.Of(range.Start, default), Pages(2), out _));
        Assert.Equal(MmResult.Invalid, end.Mm.Remap(new AddressRange(range.End, range.Start), Pages(2), out _));
        Assert.Equal(MmResult.Invalid, end.Mm.Remap(range, Pages(3), out _));
        Assert.Equal(MmResult.Invalid, end.Mm.Remap(range, new Bytes(ulong.MaxValue), out _));
        Assert.Equal(MmResult.Invalid, end.Mm.Remap(pool, pool.Length, out _));
        Assert.Equal(MmResult.Fault, end.Mm.Remap(AddressRange.Of(range.Start, Pages(5)), Pages(5), out _));
        Assert.Equal(MmResult.NoMemory, end.Mm.Remap(range, new Bytes(Address.Limit.Value), out _));
    }

    /// <summary>R37: a fault that walked the old addresses before they moved installs nothing.</summary>
    [Fact]
    public void RemapInAFault_LeavesNoStaleTranslation()
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 4);
        Write(end.Mm, Part(range, 0, 3), Words(Part(range, 0, 3)));
        MemoryRegion region = Register(end, range);
        Interleaving.At("R37.before-lock", Interleaving.AsUser(end.Mm, () => Assert.Equal(MmResult.Ok, end.Mm.Remap(range, range.Length, out _))));
        Assert.Equal(OdpResult.Fault, end.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, range)], flush: true));
        SchedulePoint.Hook = null;
        Assert.Equal(0, Mapped(region));
    }
}
