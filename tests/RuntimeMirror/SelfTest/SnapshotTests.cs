// The self-test: what a device sees without faulting.
using System.Linq;
using Locking.Mirror;
using Xunit;

namespace Locking.Tests.Mirror.SelfTest;

public class SnapshotTests : HmmSelfTest
{
    /// <summary>What is answered for a mapping of a driver's own pages.</summary>
    private protected virtual MmResult OfADriver => MmResult.Ok;

    /// <summary>What is answered where the first page may not be read, and where there is a hole.</summary>
    private protected virtual (MmResult NoRight, MmResult Hole) Refusals => (MmResult.Ok, MmResult.Ok);

    /// <summary>What is told of private pages of another device.</summary>
    private protected virtual byte ForeignPrivate => Dmirror.Byte.None;

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
        byte[] bytes = [Dmirror.Byte.None];
        Assert.Equal(OfADriver, Device.Snapshot(range, bytes));
        Assert.Equal(OfADriver == MmResult.Ok ? Dmirror.Byte.Read : Dmirror.Byte.None, bytes[0]);
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
        byte foreign = IsPrivate ? ForeignPrivate : (byte)(Dmirror.Byte.Write | Dmirror.Byte.CoherentRemote);
        byte[] refused = SnapshotOf(range, 0, 1, Refusals.NoRight), hole = SnapshotOf(range, 1, 1, Refusals.Hole), all = SnapshotOf(range, 0, 7, Refusals.NoRight);
        byte[] rest = SnapshotOf(range, 2, 5, MmResult.Ok);
        Assert.Equal([Dmirror.Byte.Zero | Dmirror.Byte.Read, Dmirror.Byte.Read, Dmirror.Byte.Write, own, foreign], rest);
        Assert.Equal(Refusals.NoRight == MmResult.Ok ? [Dmirror.Byte.Error, Dmirror.Byte.Error, .. rest] : new byte[7], all);
        Assert.Equal(all[..2], refused.Concat(hole));
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

    private byte[] SnapshotOf(AddressRange range, int first, int count, MmResult expected)
    {
        byte[] bytes = new byte[count];
        Assert.Equal(expected, Device.Snapshot(Part(range, first, count), bytes));
        return bytes;
    }

    private void CheckCompound(VmaFlags flags, PageShift size, byte told)
    {
        int level = TellsSizes ? told : 0;
        AddressRange range = Map(Mm, size.PagesOf(Machine.BaseShift).Value, VmaFlags.ReadWrite | flags);
        Assert.Equal(MmResult.Ok, Mm.CpuWrite(range.Start, [1]));
        Assert.True(Snapshot(Device, range).All(item => item == (Dmirror.Byte.Write | level)));
        Assert.Equal(MmResult.Ok, Mm.Protect(range, VmaFlags.Read));
        Assert.True(Snapshot(Device, range).All(item => item == (Dmirror.Byte.Read | level)));
        Assert.Equal(MmResult.Ok, Mm.Unmap(range));
    }
}
