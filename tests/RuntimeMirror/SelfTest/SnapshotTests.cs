// The self-test: what a device sees without faulting.
using System.Linq;
using Locking.Mirror;
using Xunit;

namespace Locking.Tests.Mirror.SelfTest;

public sealed class SnapshotTests : HmmSelfTest
{
    [Theory, MemberData(nameof(Variants))]
    public void MixedMap(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        AddressRange range = Map(Mm, 1, VmaFlags.ReadWrite | VmaFlags.MixedMap);
        Page page = Machine.Memory.Allocate()!;
        using (Mm.MmapSem.EnterRead())
        {
            Assert.Equal(MmResult.Ok, Mm.InsertPage(range.Start, page));
            Assert.Equal(MmResult.Busy, Mm.InsertPage(range.Start, page));
        }

        page.Put();
        Assert.Equal([Dmirror.Byte.Read], Snapshot(Device, range));
    }

    [Theory, MemberData(nameof(Variants))]
    public void SevenKinds(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        Dmirror other = Open(1, Mm);
        AddressRange range = Map(Mm, 7, VmaFlags.None);
        Assert.Equal(MmResult.Ok, Mm.Unmap(Part(range, 1, 1)));
        Assert.Equal(MmResult.Ok, Mm.Protect(Part(range, 2, 1), VmaFlags.Read));
        Read(Mm, Part(range, 2, 1));
        Assert.Equal(MmResult.Ok, Mm.Protect(Part(range, 3, 4), VmaFlags.ReadWrite));
        Write(Mm, Part(range, 3, 2), Words(Part(range, 3, 2)));
        Assert.Equal(MmResult.Ok, Mm.Protect(Part(range, 3, 1), VmaFlags.Read));
        AssertMigrates(Device, Part(range, 5, 1), new byte[PageSize]);
        AssertMigrates(other, Part(range, 6, 1), new byte[PageSize]);

        byte own = (byte)(Dmirror.Byte.Write | (IsPrivate ? Dmirror.Byte.PrivateLocal : Dmirror.Byte.CoherentLocal));
        byte foreign = IsPrivate ? Dmirror.Byte.None : (byte)(Dmirror.Byte.Write | Dmirror.Byte.CoherentRemote);
        Assert.Equal(
            [Dmirror.Byte.Error, Dmirror.Byte.Error, Dmirror.Byte.Zero | Dmirror.Byte.Read, Dmirror.Byte.Read, Dmirror.Byte.Write, own, foreign],
            Snapshot(Device, range));
    }

    [Theory, MemberData(nameof(Variants))]
    public void Compound(DeviceMemoryKind kind, int shift)
    {
        Setup(kind, shift);
        CheckCompound(VmaFlags.HugeTlb, PageShift.Huge, Dmirror.Byte.Pmd);
        if (shift == 16)
        {
            // With base pages of 64 KiB a page of 1 GiB is small enough for a test.
            CheckCompound(VmaFlags.HugeTlb | VmaFlags.Gigantic, PageShift.Gigantic, Dmirror.Byte.Pud);
        }
    }

    private void CheckCompound(VmaFlags flags, PageShift size, byte level)
    {
        AddressRange range = Map(Mm, size.PagesOf(Machine.BaseShift).Value, VmaFlags.ReadWrite | flags);
        Assert.Equal(MmResult.Ok, Mm.CpuWrite(range.Start, [1]));
        Assert.True(Snapshot(Device, range).All(item => item == (Dmirror.Byte.Write | level)));
        Assert.Equal(MmResult.Ok, Mm.Protect(range, VmaFlags.Read));
        Assert.True(Snapshot(Device, range).All(item => item == (Dmirror.Byte.Read | level)));
        Assert.Equal(MmResult.Ok, Mm.Unmap(range));
    }
}
