// Files that end: what lay behind the end is taken from processes and devices, and does not come back.
using System;
using System.Diagnostics;
using System.Linq;
using Locking.Mirror;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Mirror.Odp;

public sealed class TruncationTests : OdpTest
{
    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    public void WhatLiesBehindTheEnd_IsAFault(int shift)
    {
        Machine = new Machine(new PageShift(shift));
        MemoryFile file = Machine.CreateFile();
        (AddressSpace one, AddressSpace other) = (NewMm(), NewMm());
        (AddressRange here, AddressRange there) = (Map(one, 4, VmaFlags.ReadWrite | VmaFlags.Shared, file), Map(other, 4, VmaFlags.Read | VmaFlags.Shared, file));
        Write(one, here, Words(here));
        Assert.True(Words(here).AsSpan().SequenceEqual(Read(other, there)));
        var listener = new WindowListener();
        MmuNotifiers.Register(listener, other);

        file.Truncate(Pages(2) + new Bytes(100));

        Assert.Equal([(InvalidateEvent.Clear, Part(there, 3, 1))], listener.Windows);
        Assert.Equal(MmResult.Fault, one.CpuWrite(Part(here, 3, 1).Start, new byte[1]));
        Assert.Equal(MmResult.Fault, other.CpuRead(Part(there, 3, 1).Start, new byte[1]));
        byte[] rest = Read(other, Part(there, 0, 3));
        int end = (int)(2 * PageSize) + 100;
        Assert.True(Words(here).AsSpan(0, end).SequenceEqual(rest.AsSpan(0, end)));
        Assert.All(rest[end..], b => Assert.Equal(0, b));
        other.Notifiers.Unregister(listener);
        CachedPages = 3;
    }

    /// <summary>Neither what was cached nor what was stored comes back.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhereItGrowsAgain_ItIsZero(bool isStored)
    {
        MemoryFile file = Machine.CreateFile();
        byte[] data = [.. Enumerable.Repeat((byte)7, (int)(3 * PageSize))];
        Assert.True(file.Write(default, data));
        if (isStored)
        {
            file.DropCaches();
        }

        file.Truncate(Pages(1) + new Bytes(10));
        Assert.True(file.Read(default, data));
        Assert.True(data.AsSpan((int)PageSize + 10).IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(7, data[PageSize + 9]);

        file.Truncate(Pages(2));
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 3, VmaFlags.ReadWrite | VmaFlags.Shared, file);
        Assert.All(Read(mm, Part(range, 1, 1))[10..], b => Assert.Equal(0, b));
        Assert.Equal(MmResult.Fault, mm.CpuRead(Part(range, 2, 1).Start, new byte[1]));

        // Writing to the file makes it longer, and mappings see it.
        Assert.True(file.Write(Pages(2), new byte[] { 5 }));
        Assert.Equal(5, Read(mm, Part(range, 2, 1))[0]);
        CachedPages = 3;
    }

    [Fact]
    public void PrivateCopies_GoToo()
    {
        MemoryFile file = Machine.CreateFile();
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 2, VmaFlags.ReadWrite, file);
        Write(mm, range, Words(range));
        file.Truncate(Pages(1));
        Assert.Equal(MmResult.Fault, mm.CpuRead(Part(range, 1, 1).Start, new byte[1]));
        Assert.True(Words(Part(range, 0, 1)).AsSpan().SequenceEqual(Read(mm, Part(range, 0, 1))));
        CachedPages = 1;
    }

    [Fact]
    public void PartOfAMapping_FollowsItsOffset()
    {
        MemoryFile file = Machine.CreateFile();
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 4, VmaFlags.ReadWrite | VmaFlags.Shared, file);
        Write(mm, range, Words(range));
        Assert.Equal(MmResult.Ok, mm.Unmap(Part(range, 0, 2)));
        file.Truncate(Pages(3));
        Assert.True(Words(range).AsSpan((int)(2 * PageSize), (int)PageSize).SequenceEqual(Read(mm, Part(range, 2, 1))));
        Assert.Equal(MmResult.Fault, mm.CpuRead(Part(range, 3, 1).Start, new byte[1]));
        CachedPages = 3;
    }

    [Fact]
    public void Devices_LoseWhatIsCutOff()
    {
        (End near, End far) = Connected();
        MemoryFile file = Machine.CreateFile();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 4), Map(far.Mm, 4, VmaFlags.ReadWrite | VmaFlags.Shared, file));
        Write(near.Mm, from, Words(from));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.Equal(4, Mapped(target));

        file.Truncate(Pages(1));

        Assert.Equal(1, Mapped(target));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, Part(from, 0, 1), target.Key, to.Start));
        Assert.Equal(OdpResult.Fault, near.Queue.Write(source, from, target.Key, to.Start));
        CachedPages = 1;
    }

    /// <summary>A file that is cut and made longer all the while: messages arrive or fail, and nothing is lost that came after.</summary>
    [Fact]
    public void CuttingUnderFaults_BreaksNothing()
    {
        (End near, End far) = Connected();
        MemoryFile file = Machine.CreateFile();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 16), Map(far.Mm, 16, VmaFlags.ReadWrite | VmaFlags.Shared, file));
        Write(near.Mm, from, Words(from));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        long end = Stopwatch.GetTimestamp() + Stopwatch.Frequency;
        var random = new Random(20191126);
        Threads.Running cutter = Threads.Start(() =>
        {
            while (Stopwatch.GetTimestamp() < end)
            {
                file.Truncate(new Bytes((ulong)random.Next((int)(16 * PageSize))));
                file.Truncate(Pages(16));
            }
        });
        while (Stopwatch.GetTimestamp() < end)
        {
            OdpResult result = near.Queue.Write(source, from, target.Key, to.Start);
            Assert.Contains(result, new[] { OdpResult.Ok, OdpResult.Fault, OdpResult.Again });
            near.Queue.Reset();
            far.Mm.CpuWrite(Part(to, 8, 1).Start, new byte[1]);
        }

        cutter.End();
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        byte[] data = new byte[16 * PageSize];
        Assert.True(file.Read(default, data));
        Assert.True(Words(from).AsSpan().SequenceEqual(data));
        CachedPages = 16;
    }

    private sealed class Meanwhile(Action action) : MmuNotifier
    {
        protected internal override NotifierResult OnInvalidateStart(in InvalidateRange range)
        {
            action();
            return NotifierResult.Ok;
        }
    }

    /// <summary>Who writes behind an end that is just being set comes after the truncation, and what he wrote stays.</summary>
    [Fact]
    public void WriteDuringATruncation_Stays()
    {
        MemoryFile file = Machine.CreateFile();
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 2, VmaFlags.ReadWrite | VmaFlags.Shared, file);
        Write(mm, range, Words(range));
        Threads.Running? writer = null;
        var listener = new Meanwhile(() =>
        {
            writer = Threads.Start(() => Assert.True(file.Write(Pages(1), new byte[] { 5 })));
            System.Threading.Thread.Sleep(100);
        });
        MmuNotifiers.Register(listener, mm);
        file.Truncate(default);
        writer!.End();
        Assert.Equal(5, Read(mm, Part(range, 1, 1))[0]);
        Assert.All(Read(mm, Part(range, 0, 1)), b => Assert.Equal(0, b));
        mm.Notifiers.Unregister(listener);
        CachedPages = 2;
    }
}
