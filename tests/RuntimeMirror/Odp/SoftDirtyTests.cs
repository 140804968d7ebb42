// Pages that were written since somebody began to watch, by the process or by a device.
using System;
using System.Collections.Generic;
using System.Linq;
using Locking.Mirror;
using Xunit;

namespace Locking.Tests.Mirror.Odp;

public sealed class SoftDirtyTests : OdpTest
{
    [Fact]
    public void WhatIsWrittenAfterwards_IsSoftDirty()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 4);
        Assert.Equal("1111", DirtyOf(mm, range));
        Write(mm, Part(range, 0, 3), Words(Part(range, 0, 3)));
        mm.ClearSoftDirty();
        Assert.Equal("0000", DirtyOf(mm, range));
        Read(mm, range);
        Write(mm, Part(range, 1, 1), Words(Part(range, 1, 1)));
        Assert.Equal("0100", DirtyOf(mm, range));
        mm.ClearSoftDirty();
        Assert.Equal("0000", DirtyOf(mm, range));
        Assert.True(Words(Part(range, 1, 1)).AsSpan().SequenceEqual(Read(mm, Part(range, 1, 1))));
        Assert.False(mm.IsSoftDirty(range.End));
    }

    [Fact]
    public void Clearing_OpensOneWindowOverEverything()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 1);
        Write(mm, range, Words(range));
        var listener = new WindowListener();
        MmuNotifiers.Register(listener, mm);
        mm.ClearSoftDirty();
        Assert.Equal([(InvalidateEvent.SoftDirty, AddressRange.All)], listener.Windows);

        // The write makes the entry writable in place: no other window.
        Write(mm, range, Words(range));
        Assert.Single(listener.Windows);
        mm.Notifiers.Unregister(listener);
    }

    /// <summary>What a device may write is taken from it, so that its next write faults, and is told.</summary>
    [Fact]
    public void WritesOfADevice_AreSoftDirty()
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 3), Map(far.Mm, 3));
        Write(near.Mm, from, Words(from));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        near.Mm.ClearSoftDirty();
        far.Mm.ClearSoftDirty();
        Assert.Equal((0, 0), (Mapped(source), Mapped(target)));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, Part(from, 1, 1), target.Key, to.Start + Pages(1)));
        Assert.Equal(("000", "010"), (DirtyOf(near.Mm, from), DirtyOf(far.Mm, to)));
    }

    /// <summary>Swap, moves, forks and splits keep what is known; what is new or moved elsewhere counts as written.</summary>
    [Fact]
    public void OtherChanges_KeepIt()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 4);
        Write(mm, range, Words(range));
        mm.ClearSoftDirty();
        Write(mm, Part(range, 1, 2), Words(Part(range, 1, 2)));
        Assert.Equal(4, mm.Reclaim(range));
        Assert.Equal("0110", DirtyOf(mm, range));
        Read(mm, range);
        Assert.Equal("0110", DirtyOf(mm, range));
        Assert.Equal(4, mm.MovePagesTo(range, 2));
        mm.NumaScan(range);
        Read(mm, range);
        Assert.Equal("0110", DirtyOf(mm, range));
        AddressSpace child = Fork(mm);
        Assert.Equal(("0110", "0110"), (DirtyOf(mm, range), DirtyOf(child, range)));
        Write(child, Part(range, 3, 1), Words(Part(range, 3, 1)));
        Assert.Equal(("0110", "0111"), (DirtyOf(mm, range), DirtyOf(child, range)));
        mm.Protect(Part(range, 0, 2), VmaFlags.Read);
        Assert.Equal("0110", DirtyOf(mm, range));
        Assert.Equal(MmResult.Ok, mm.Remap(Part(range, 2, 2), Pages(2), out AddressRange moved));
        Assert.Equal("11", DirtyOf(mm, moved));
    }

    /// <summary>A page that was reclaimed unwritten comes back read-only, however it is read, so that its next write is seen.</summary>
    [Fact]
    public void WriteAfterSwap_IsSeen()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 1);
        Write(mm, range, Words(range));
        mm.ClearSoftDirty();
        mm.Reclaim(range);
        Read(mm, range);
        Assert.False(mm.IsSoftDirty(range.Start));
        Write(mm, range, Words(range, 7));
        Assert.True(mm.IsSoftDirty(range.Start));
        Assert.True(Words(range, 7).AsSpan().SequenceEqual(Read(mm, range)));
    }

    [Fact]
    public void HugePage_IsWrittenAsAWhole()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 512);
        mm.AdviseHuge(range);
        Write(mm, range, Words(range));
        mm.ClearSoftDirty();
        Assert.False(mm.IsSoftDirty(range.Start));
        Write(mm, Part(range, 9, 1), Words(Part(range, 9, 1)));
        Assert.True(mm.IsSoftDirty(range.Start) && mm.IsSoftDirty(range.Start + Pages(511)));
        mm.Discard(Part(range, 0, 1));
        Assert.False(mm.IsSoftDirty(range.Start));
        Assert.True(mm.IsSoftDirty(range.Start + Pages(1)));
    }

    private string DirtyOf(AddressSpace mm, AddressRange range) =>
        string.Concat(Enumerable.Range(0, (int)(range.Length.Value / PageSize)).Select(page => mm.IsSoftDirty(range.Start + Pages(page)) ? '1' : '0'));
}
