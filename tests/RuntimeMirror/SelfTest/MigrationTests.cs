// The self-test: pages go to the device and come back.
using System;
using Locking.Mirror;
using Xunit;

namespace Locking.Tests.Mirror.SelfTest;

public sealed class MigrationTests : HmmSelfTest
{
    [Theory, MemberData(nameof(Variants))]
    public void Migrate(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = MapFilled();
        AssertMigrates(Device, range, Words(range));
    }

    [Theory, MemberData(nameof(Variants))]
    public void MigrateFilePrivate(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        MemoryFile file = Machine.CreateFile();
        AddressRange range = Map(Mm, Count, file: file);
        Write(Mm, range, Words(range));
        AssertMigrates(Device, range, Words(range));
        CachedPages = (ulong)Count;
    }

    [Theory, MemberData(nameof(Variants))]
    public void MigrateFault(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = MapFilled();
        AssertMigrates(Device, range, Words(range));
        AddressRange half = Part(range, 0, Count / 2);
        AssertCpuReads(Mm, half, Words(half));

        // Entries of pages that stayed on the device survive: the whole range is read back.
        AssertMigrates(Device, range, Words(range));
        AssertCpuReads(Mm, range, Words(range));
    }

    [Theory, MemberData(nameof(Variants))]
    public void MigrateRelease(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = MapFilled();
        AssertMigrates(Device, range, Words(range));
        Devices[0].Release();
        AssertCpuReads(Mm, range, Words(range));
    }

    [Theory, MemberData(nameof(Variants))]
    public void MigrateShared(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = Map(Mm, Count, VmaFlags.ReadWrite | VmaFlags.Shared);
        Assert.Equal(MmResult.NoEntry, Device.MigrateToDevice(range, Buffer(range)));
    }

    [Theory, MemberData(nameof(Variants))]
    public void MigrateMultiple(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        for (int round = 0; round < 10; round++)
        {
            AddressRange range = MapFilled(round);
            AssertMigrates(Device, range, Words(range, round));
            if (!IsPrivate)
            {
                Assert.Equal(MmResult.Ok, Device.MigrateToSystem(range));
                Assert.Equal(Count, Device.Pages);
            }

            AssertCpuReads(Mm, range, Words(range, round));
            Assert.Equal(MmResult.Ok, Mm.Unmap(range));
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void MigrateMixed(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        Dmirror other = Open(1, Mm);
        AddressRange range = Map(Mm, 6, VmaFlags.None);
        Assert.Equal(MmResult.Invalid, other.MigrateToDevice(range, Buffer(range)));
        Assert.Equal(MmResult.Ok, Mm.Unmap(Part(range, 1, 1)));
        Assert.Equal(MmResult.Invalid, other.MigrateToDevice(Part(range, 0, 3), Buffer(range)));

        Assert.Equal(MmResult.Ok, Mm.Protect(Part(range, 2, 1), VmaFlags.Read));
        Read(Mm, Part(range, 2, 1));
        Assert.Equal(MmResult.Ok, Mm.Protect(Part(range, 3, 3), VmaFlags.ReadWrite));
        AddressRange written = Part(range, 3, 3);
        Write(Mm, written, Words(written));
        Assert.Equal(MmResult.Ok, Mm.Protect(Part(range, 3, 1), VmaFlags.Read));
        byte[] expected = [.. new byte[PageSize], .. Words(written)];
        AssertMigrates(other, Part(range, 2, 4), expected);
        Assert.Equal(MmResult.NoEntry, Device.MigrateToDevice(Part(range, 5, 1), Buffer(range)));
    }

    [Theory, MemberData(nameof(Variants))]
    public void Exclusive(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = MapFilled();
        byte[] data = Buffer(range);
        Assert.Equal(MmResult.Ok, Device.MakeExclusive(range, data));
        Assert.True(Words(range).AsSpan().SequenceEqual(data));
        Assert.Equal(MmResult.NotPermitted, Device.CheckExclusive(range));
        AssertCpuReads(Mm, range, Words(range));
        Write(Mm, range, Words(range, 1));
        AssertCpuReads(Mm, range, Words(range, 1));
        Assert.Equal(MmResult.Ok, Device.CheckExclusive(range));
    }

    [Theory, MemberData(nameof(Variants))]
    public void ExclusiveMprotect(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = MapFilled();
        Assert.Equal(MmResult.Ok, Device.MakeExclusive(range, Buffer(range)));
        Assert.Equal(MmResult.Ok, Mm.Protect(range, VmaFlags.Read));
        Assert.Equal(MmResult.NotPermitted, Device.Write(range, Words(range, 0, -1)));
    }

    [Theory, MemberData(nameof(Variants))]
    public void ExclusiveCow(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = MapFilled();
        Assert.Equal(MmResult.Ok, Device.MakeExclusive(range, Buffer(range)));
        AddressSpace child = Fork(Mm);
        foreach (AddressSpace mm in new[] { Mm, child })
        {
            AssertCpuReads(mm, range, Words(range));
            Write(mm, range, Words(range, 1));
            AssertCpuReads(mm, range, Words(range, 1));
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void DoubleMap(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        Dmirror other = Open(1, Mm);
        AddressRange range = Map(Mm, 6);
        Write(Mm, range, Words(range));
        Assert.Equal(MmResult.Ok, Mm.Protect(range, VmaFlags.Read));
        AssertReads(Device, range, Words(range));
        AssertReads(other, range, Words(range));
        AssertMigrates(other, range, Words(range));
        AssertReads(Device, range, Words(range));
    }

    [Theory, MemberData(nameof(Variants))]
    public void CowInDevice(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = Map(Mm, 4);
        Write(Mm, range, Words(range));
        AssertMigrates(Device, range, Words(range));
        AddressSpace child = Fork(Mm);
        Write(Mm, range, Words(range, 0, -1));
        AssertCpuReads(child, range, Words(range));
        child.Users.Put();
        Assert.All(Snapshot(Device, range), item => Assert.Equal(Dmirror.Byte.Write, item));
        AssertCpuReads(Mm, range, Words(range, 0, -1));
    }

    [Theory, MemberData(nameof(Variants))]
    public void UserPages(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = Map(Mm, 4);
        Write(Mm, range, Words(range));
        AssertMigrates(Device, range, Words(range));
        for (int i = 0; i < 4; i++)
        {
            var pages = new System.Collections.Generic.List<Page>();
            using (Mm.MmapSem.EnterRead())
            {
                Assert.Equal(MmResult.Ok, Mm.GetUserPages(Part(range, i, 1), isWrite: true, pages, isLongTerm: i >= 2));
            }

            Assert.Single(pages).Put();
        }

        byte stays = IsPrivate ? Dmirror.Byte.Write : (byte)(Dmirror.Byte.CoherentLocal | Dmirror.Byte.Write);
        Assert.Equal([stays, stays, Dmirror.Byte.Write, Dmirror.Byte.Write], Snapshot(Device, range));
        AssertCpuReads(Mm, range, Words(range));
    }
}
