// Faults of a device on pages that are there already.
using System;
using Locking.Mirror;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Mirror.Odp;

/// <summary>Pages that are in memory are mapped a table at a time: of every shape as if each were faulted alone. Also with validation off.</summary>
public sealed class ResidentTests : OdpTest
{
    /// <summary>The size of base pages, the first page of the region in its mapping, and how many.</summary>
    public static TheoryData<int, int, int> Shapes => new() { { 12, 0, 1024 }, { 12, 5, 1 }, { 12, 500, 13 }, { 12, 3, 1100 }, { 16, 0, 64 }, { 16, 30, 5 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void PagesThatAreThere_AreMappedAndHaveTheContent(int shift, int first, int count)
    {
        Machine = new Machine(new PageShift(shift));
        (End near, End far) = Connected();
        AddressRange all = Map(near.Mm, first + count + 3), from = Part(all, first, count), to = Map(far.Mm, count);
        Write(near.Mm, all, Words(all));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        Prefetch(near, source, from);
        Assert.Equal(count, Mapped(source));
        Assert.Equal(Lockdep.IsEnabled ? count : 0, near.Device.Dma.Count);
        Prefetch(far, target, to);
        AssertArrives(near, source, from, target, to, far);
        Assert.Equal(0, near.Queue.PageFaults);
    }

    [Fact]
    public void MissingPages_AreFaultedAmongThoseThatAreThere()
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 1024);
        foreach (int page in new[] { 0, 1, 2, 9, 511, 600 })
        {
            Write(end.Mm, Part(range, page, 1), Words(Part(range, page, 1)));
        }

        MemoryRegion region = Register(end, range);
        Prefetch(end, region, Part(range, 0, 3));
        Assert.Equal(3, Mapped(region));
        Prefetch(end, region, range);
        Assert.Equal(1024, Mapped(region));
        Assert.Equal(Lockdep.IsEnabled ? 1024 : 0, end.Device.Dma.Count);
    }

    [Fact]
    public void PartThatGoesAndComesBack_SplitsTheEntryAndJoinsIt()
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 512), Map(far.Mm, 512));
        Write(near.Mm, from, Words(from));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        Prefetch(near, source, from);
        Assert.Equal((512, 1), (Mapped(source), source.Memory!.Table.Runs));
        Assert.Equal(MmResult.Ok, near.Mm.NumaScan(Part(from, 7, 2)));
        Assert.Equal((510, 0), (Mapped(source), source.Memory.Table.Runs));
        AssertArrives(near, source, from, target, to, far);

        // What was only read came back without the right to write, and gets it now.
        Assert.Equal((512, 0), (Mapped(source), source.Memory.Table.Runs));
        Prefetch(near, source, from);
        Assert.Equal((512, 1), (Mapped(source), source.Memory.Table.Runs));
    }

    [Theory]
    [InlineData(0, 1024)]
    [InlineData(512, 512)]
    [InlineData(0, 700)]
    [InlineData(300, 500)]
    public void HugePages_AreMappedAsTheyAre(int first, int count)
    {
        (End near, End far) = Connected();
        AddressRange all = Map(near.Mm, 1024), from = Part(all, first, count), to = Map(far.Mm, count);
        Assert.Equal(MmResult.Ok, near.Mm.AdviseHuge(all));
        Write(near.Mm, all, Words(all));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        bool hasFaulted = false;
        SchedulePoint.Hook = name => hasFaulted |= name == "R37.before-lock";
        Prefetch(near, source, from);
        SchedulePoint.Hook = null;
        Assert.False(hasFaulted);
        Assert.Equal((count, ((first + count + 511) / 512) - (first / 512)), (Mapped(source), source.Memory!.Table.Runs));
        Assert.Equal(Lockdep.IsEnabled ? count : 0, near.Device.Dma.Count);
        AssertArrives(near, source, from, target, to, far);
        Prefetch(near, source, from);
        Assert.Equal(count, Mapped(source));

        // A part of a huge page, with entries of its own.
        MemoryRegion whole = Register(near, all);
        Prefetch(near, whole, Part(all, 10, 20));
        Assert.Equal((20, 0), (Mapped(whole), whole.Memory!.Table.Runs));
    }

    [Fact]
    public void PagesThatMayBeReadOnly_AreMappedSo_UntilAWriteIsFaulted()
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 16), Map(far.Mm, 16));
        Write(near.Mm, from, Words(from));
        Write(far.Mm, to, Words(to, 5));
        AddressSpace child = Fork(far.Mm);
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        Assert.Equal(OdpResult.Ok, far.Context.Prefetch(PrefetchAdvice.Read, [(target.Key, to)], flush: true));
        Assert.Equal(16, Mapped(target));
        AssertArrives(near, source, from, target, to, far);
        Assert.True(Words(to, 5).AsSpan().SequenceEqual(Read(child, to)));
    }

    [Fact]
    public void MappingsThatMayNotBeMirrored_AreFaults()
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 4);
        Write(end.Mm, range, Words(range));
        MemoryRegion region = Register(end, range);
        Assert.Equal(MmResult.Ok, end.Mm.Protect(Part(range, 2, 1), VmaFlags.None));
        Assert.Equal(OdpResult.Fault, end.Context.Prefetch(PrefetchAdvice.Read, [(region.Key, range)], flush: true));
        Assert.Equal(OdpResult.Fault, end.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, Part(range, 2, 1))], flush: true));
        Assert.Equal(OdpResult.Ok, end.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, Part(range, 0, 2))], flush: true));
    }

    [Fact]
    public void FaultOfResidentPages_AllocatesNothing()
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 1024);
        Write(end.Mm, range, Words(range));
        MemoryRegion region = Register(end, range);
        var window = new InvalidateRange(end.Mm, range, InvalidateEvent.ProtectionPage);
        long bytes = 0;
        for (int i = 0; i < 50; i++)
        {
            end.Mm.Notifiers.Start(window);
            end.Mm.Notifiers.End(window);
            long before = GC.GetAllocatedBytesForCurrentThread();
            region.PageFault(range, OdpAccess.Read | OdpAccess.Write, faults: true, out _);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // With validation on, each mapping is recorded.
        Assert.True(Lockdep.IsEnabled || bytes == 0, $"{bytes} bytes");
        Assert.Equal(1024, Mapped(region));
    }

    [Fact]
    public void Snapshot_AllocatesNothing()
    {
        End end = NewEnd();
        AddressRange addresses = Map(end.Mm, 1024);
        Write(end.Mm, addresses, Words(addresses));
        UmemOdp umem = Register(end, addresses).Memory!.Umem;
        var range = new HmmRange(umem, addresses, new PfnEntry[1024]);
        HmmResult result = HmmResult.Busy;
        long bytes = Allocations.Of(() =>
        {
            range.Sequence = umem.ReadBegin();
            using (end.Mm.MmapSem.EnterRead())
            {
                result = range.Fault();
            }
        });
        Assert.Equal((HmmResult.Ok, 0), (result, bytes));
        Assert.All(range.Entries.ToArray(), entry => Assert.True(entry.IsWritable));
    }

    /// <summary>Page table, whose upper three tables are 24 KiB, umem and translation table; the pages are those of a file, which has them anyway.</summary>
    [Theory]
    [InlineData(false, 11)]
    [InlineData(true, 32)]
    public void MemoryOfAMappedPage_IsBounded(bool isStrewn, int bound)
    {
        const int Count = 20 * 512;
        MemoryFile file = Machine.CreateFile();
        AddressSpace other = NewMm();
        AddressRange there = Map(other, Count, VmaFlags.ReadWrite | VmaFlags.Shared, file);
        for (int page = 0; page < Count; page++)
        {
            Assert.Equal(MmResult.Ok, other.CpuRead(Part(there, isStrewn ? Count - 1 - page : page, 1).Start, new byte[1]));
        }

        CachedPages = Count;
        End end = NewEnd();
        AddressRange range = Map(end.Mm, Count, VmaFlags.ReadWrite | VmaFlags.Shared, file);
        var entries = new PfnEntry[Count];
        long before = GC.GetAllocatedBytesForCurrentThread();
        MemoryRegion region = Register(end, range);
        var faulted = new HmmRange(region.Memory!.Umem, range, entries, PfnEntry.RequestWrite) { Sequence = region.Memory.Umem.ReadBegin() };
        using (end.Mm.MmapSem.EnterRead())
        {
            Assert.Equal(HmmResult.Ok, faulted.Fault());
        }

        Prefetch(end, region, range);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((Count, isStrewn ? 0 : 20), (Mapped(region), region.Memory.Table.Runs));

        // With validation on, each mapping is recorded besides.
        Assert.True(Lockdep.IsEnabled || bytes <= bound * Count, $"{(double)bytes / Count} bytes");
    }

    private static void Prefetch(End end, MemoryRegion region, AddressRange range) =>
        Assert.Equal(OdpResult.Ok, end.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, range)], flush: true));

    private static void AssertArrives(End near, MemoryRegion source, AddressRange from, MemoryRegion target, AddressRange to, End far)
    {
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.True(Read(near.Mm, from).AsSpan().SequenceEqual(Read(far.Mm, to)));
    }
}
