// The self-test: the device reads and writes.
using System;
using System.Linq;
using System.Threading;
using Locking.Mirror;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Mirror.SelfTest;

public class AccessTests : HmmSelfTest
{
    /// <summary>What a fault answers where the mapping may not be read.</summary>
    private protected virtual MmResult NoRightToRead => MmResult.Fault;

    [Theory, MemberData(nameof(Variants))]
    public void OpenClose(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        Close(Device);
        Assert.Equal(0, Mm.Notifiers.IntervalCount);
        Assert.Equal(1, Mm.Grabs.Count);
    }

    [Theory, MemberData(nameof(Variants))]
    public void AnonRead(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = Map(Mm, Count);
        byte[] expected = Words(range);
        expected.AsSpan(0, 2 * (int)PageSize).Clear();
        AddressRange filled = Part(range, 2, Count - 2);
        Write(Mm, filled, expected[(2 * (int)PageSize)..]);
        Assert.Equal(MmResult.Ok, Mm.Protect(range, VmaFlags.Read));

        // Makes the second page the page of zeros; the first stays empty.
        Read(Mm, Part(range, 1, 1));
        AssertReads(Device, range, expected);
    }

    [Theory, MemberData(nameof(Variants))]
    public void AnonReadProt(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = MapFilled();
        Assert.Equal(MmResult.Ok, Mm.Protect(range, VmaFlags.None));
        byte[] data = Words(range, 0, -1);
        Assert.Equal(NoRightToRead, Device.Read(range, data));
        Assert.True(Words(range, 0, -1).AsSpan().SequenceEqual(data));
        Assert.Equal(MmResult.Ok, Mm.Protect(range, VmaFlags.Read));
        AssertCpuReads(Mm, range, Words(range));
    }

    [Theory, MemberData(nameof(Variants))]
    public void AnonReadMultiple(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        Address? before = null;
        for (int round = 0; round < 10; round++)
        {
            AddressRange range = MapFilled(round);
            Assert.Equal(before ?? range.Start, range.Start);
            before = range.Start;
            AssertReads(Device, range, Words(range, round));
            Assert.Equal(MmResult.Ok, Mm.Unmap(range));
            Assert.False(Device.HasEntries(range));
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void FileRead(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        MemoryFile file = Machine.CreateFile();
        AddressRange range = Map(Mm, Count, VmaFlags.Read | VmaFlags.Shared, file);
        Assert.True(file.Write(default, Words(range)));
        AssertReads(Device, range, Words(range));
        CachedPages = (ulong)Count;
    }

    [Theory, MemberData(nameof(Variants))]
    public void AnonTeardown(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        var random = new Random(20191015);
        for (int round = 0; round < 10; round++)
        {
            AddressRange range = MapFilled(round);
            TimeSpan delay = TimeSpan.FromMicroseconds(random.Next(32));
            Mm.Users.Get();
            Mm.Users.Disown();
            Threads.Running other = Threads.Start(() =>
            {
                Mm.Users.Adopt();
                Thread.Sleep(delay);
                Assert.Equal(MmResult.Ok, Mm.Unmap(Part(range, Count / 2, Count / 2)));
                Mm.Users.Put();
            });
            byte[] data = Buffer(range);
            if (Device.Read(range, data) == MmResult.Ok)
            {
                Assert.Equal(Count, Device.Pages);
                Assert.True(Words(range, round).AsSpan().SequenceEqual(data));
            }

            other.End();
            Mm.Unmap(range);
            Assert.False(Device.HasEntries(range));
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void AnonWrite(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = Map(Mm, Count);
        AssertWrites(Device, range, Words(range));
        AssertCpuReads(Mm, range, Words(range));
    }

    [Theory, MemberData(nameof(Variants))]
    public void AnonWriteProt(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = Map(Mm, Count, VmaFlags.Read);
        AssertReads(Device, Part(range, 0, 1), new byte[PageSize]);
        Assert.Equal(MmResult.NotPermitted, Device.Write(range, Words(range)));
        AssertCpuReads(Mm, range, Buffer(range));
        Assert.Equal(MmResult.Ok, Mm.Protect(range, VmaFlags.ReadWrite));
        AssertWrites(Device, range, Words(range));
        AssertCpuReads(Mm, range, Words(range));
    }

    [Theory, MemberData(nameof(Variants))]
    public void AnonWriteChild(DeviceMemoryKind kind, int shift) => WriteInChild(kind, shift, VmaFlags.ReadWrite, parentSees: 1);

    [Theory, MemberData(nameof(Variants))]
    public void AnonWriteChildShared(DeviceMemoryKind kind, int shift) => WriteInChild(kind, shift, VmaFlags.ReadWrite | VmaFlags.Shared, parentSees: -1);

    [Theory, MemberData(nameof(Variants))]
    public void AnonWriteHuge(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = Map(Mm, PageShift.Huge.PagesOf(Machine.BaseShift).Value * 2);
        AddressRange huge = AddressRange.Of(range.Start, PageShift.Huge.Size);
        Assert.True(PageShift.Huge.IsAligned(huge.Start));
        Assert.Equal(MmResult.Ok, Mm.AdviseHuge(range));
        AssertWrites(Device, huge, Words(huge));
        AssertCpuReads(Mm, huge, Words(huge));
        Assert.All(Snapshot(Device, huge), item => Assert.Equal(Dmirror.Byte.Write | (TellsSizes ? Dmirror.Byte.Pmd : 0), item));
    }

    [Theory, MemberData(nameof(Variants))]
    public void AnonWriteHugetlbfs(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = Map(Mm, PageShift.Huge.PagesOf(Machine.BaseShift).Value, VmaFlags.ReadWrite | VmaFlags.HugeTlb);
        AssertWrites(Device, range, Words(range));
        AssertCpuReads(Mm, range, Words(range));
    }

    [Theory, MemberData(nameof(Variants))]
    public void FileWrite(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        MemoryFile file = Machine.CreateFile();
        AddressRange range = Map(Mm, Count, VmaFlags.ReadWrite | VmaFlags.Shared, file);
        AssertWrites(Device, range, Words(range));
        AssertCpuReads(Mm, range, Words(range));

        // Reading the file goes another way than the mapping, and after the cache is dropped sees only what was marked dirty.
        Assert.Equal(MmResult.Ok, Mm.Unmap(range));
        file.DropCaches();
        byte[] stored = Buffer(range);
        Assert.True(file.Read(default, stored));
        Assert.True(Words(range).AsSpan().SequenceEqual(stored));
        CachedPages = (ulong)Count;
    }

    private void WriteInChild(DeviceMemoryKind kind, int shift, VmaFlags flags, int parentSees)
    {
        Setup(kind, shift);
        AddressRange range = MapFilled(flags: flags);
        AddressSpace child = Fork(Mm);
        Dmirror device = Open(0, child);
        AssertCpuReads(child, range, Words(range));
        AssertWrites(device, range, Words(range, 0, -1));
        AssertCpuReads(child, range, Words(range, 0, -1));
        AssertCpuReads(Mm, range, Words(range, 0, parentSees));
        CachedPages = (flags & VmaFlags.Shared) != 0 ? (ulong)Count : 0;
    }
}
