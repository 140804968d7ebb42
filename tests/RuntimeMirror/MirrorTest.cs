// The base of every test of mirroring: a machine, and what must be true when everything has gone.
using System;
using System.Collections.Generic;
using System.Linq;
using Locking.Mirror;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Mirror;

/// <summary>Makes machines and address spaces, and checks at the end that nothing is left of them.</summary>
public abstract class MirrorTest : ValidatedTest
{
    private readonly List<AddressSpace> _mms = [];

    protected Machine Machine { get; set; } = new();

    protected ulong PageSize => Machine.BaseShift.Size.Value;

    protected override void CheckEnd()
    {
        SchedulePoint.Hook = null;
        SchedulePoint.Failure = null;
        foreach (AddressSpace mm in _mms.Where(mm => mm.Users.Count > 0))
        {
            mm.Users.Put();
        }

        Machine.NotifierSrcu.Barrier();
        Assert.All(_mms, mm => Assert.True(mm.Notifiers.IsQuiet, "INV-06: a window is open, or something is deferred."));
        Assert.Equal(0UL, Machine.Memory.InUse - CachedPages);
        Assert.Equal(0, Machine.Swap.Count);
    }

    /// <summary>Pages that files of the test keep in their caches.</summary>
    protected ulong CachedPages { get; set; }

    protected AddressSpace NewMm()
    {
        AddressSpace mm = Machine.CreateAddressSpace();
        _mms.Add(mm);
        return mm;
    }

    protected AddressSpace Fork(AddressSpace mm)
    {
        AddressSpace child = mm.Fork()!;
        _mms.Add(child);
        return child;
    }

    protected Bytes Pages(long count) => Machine.BaseShift.ToBytes(new BasePages(count));

    protected AddressRange Map(AddressSpace mm, long pages, VmaFlags flags = VmaFlags.ReadWrite, MemoryFile? file = null)
    {
        Assert.Equal(MmResult.Ok, mm.Map(Pages(pages), flags, out AddressRange range, file));
        return range;
    }

    protected AddressRange Part(AddressRange range, long firstPage, long count) => AddressRange.Of(range.Start + Pages(firstPage), Pages(count));

    protected static byte[] Read(AddressSpace mm, AddressRange range)
    {
        byte[] data = new byte[range.Length.Value];
        Assert.Equal(MmResult.Ok, mm.CpuRead(range.Start, data));
        return data;
    }

    protected static void Write(AddressSpace mm, AddressRange range, byte[] data) => Assert.Equal(MmResult.Ok, mm.CpuWrite(range.Start, data));

    /// <summary>Words that count up from a number, or down.</summary>
    protected static byte[] Words(AddressRange range, int first = 0, int step = 1)
    {
        int[] words = new int[range.Length.Value / sizeof(int)];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = first + (i * step);
        }

        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(words.AsSpan()).ToArray();
    }
}
