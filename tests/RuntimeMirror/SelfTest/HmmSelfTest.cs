// The base of the port of the kernel's HMM self-test.
using System;
using System.Collections.Generic;
using System.Linq;
using Locking.Mirror;
using Xunit;

namespace Locking.Tests.Mirror.SelfTest;

/// <summary>
/// Opens devices and prepares ranges. Every test runs with private and with coherent device memory, and with both sizes of base pages. Linux:
/// tools/testing/selftests/mm/hmm-tests.c.
/// </summary>
public abstract class HmmSelfTest : MirrorTest
{
    private readonly List<Dmirror> _mirrors = [];

    public static TheoryData<DeviceMemoryKind, int> Variants => new()
    {
        { DeviceMemoryKind.Private, 12 },
        { DeviceMemoryKind.Coherent, 12 },
        { DeviceMemoryKind.Private, 16 },
        { DeviceMemoryKind.Coherent, 16 },
    };

    private protected AddressSpace Mm { get; private set; } = null!;

    private protected DmirrorDevice[] Devices { get; private set; } = [];

    private protected Dmirror Device { get; private set; } = null!;

    /// <summary>Pages of the default buffer: 4 MiB.</summary>
    private protected int Count => (int)((4UL << 20) / PageSize);

    /// <summary>How devices hear of windows and fault.</summary>
    private protected virtual MirrorInterface Interface => MirrorInterface.Interval55;

    /// <summary>Whether a snapshot tells the size of the mapping: since 5.6.</summary>
    private protected bool TellsSizes => Interface == MirrorInterface.Interval55;

    private protected bool IsPrivate => Devices[0].Kind == DeviceMemoryKind.Private;

    private protected void Setup(DeviceMemoryKind kind, int shift, MirrorInterface? other = null)
    {
        Machine = new Machine(new PageShift(shift));
        Devices = [new DmirrorDevice(Machine, kind), new DmirrorDevice(Machine, kind)];
        Mm = NewMm();
        Device = Open(0, Mm);
        if (other is { } way)
        {
            Device.Use(way);
        }
    }

    private protected Dmirror Open(int device, AddressSpace mm)
    {
        var mirror = new Dmirror(Devices[device], mm);
        _mirrors.Add(mirror);
        mirror.Use(Interface);
        return mirror;
    }

    private protected void Close(Dmirror mirror)
    {
        _mirrors.Remove(mirror);
        mirror.Close();
    }

    private protected AddressRange MapFilled(int first = 0, int step = 1, VmaFlags flags = VmaFlags.ReadWrite)
    {
        AddressRange range = Map(Mm, Count, flags);
        Write(Mm, range, Words(range, first, step));
        return range;
    }

    private protected static byte[] Buffer(AddressRange range) => new byte[range.Length.Value];

    /// <summary>The device reads a whole range in one round of faults, and finds what is expected.</summary>
    private protected static void AssertReads(Dmirror device, AddressRange range, byte[] expected)
    {
        byte[] data = Buffer(range);
        Assert.Equal(MmResult.Ok, device.Read(range, data));
        Assert.Equal((PagesOf(device, range), 1), (device.Pages, device.Faults));
        Assert.True(expected.AsSpan().SequenceEqual(data));
    }

    private protected static void AssertWrites(Dmirror device, AddressRange range, byte[] data)
    {
        Assert.Equal(MmResult.Ok, device.Write(range, data));
        Assert.Equal((PagesOf(device, range), 1), (device.Pages, device.Faults));
    }

    private protected static void AssertMigrates(Dmirror device, AddressRange range, byte[] expected)
    {
        byte[] data = Buffer(range);
        Assert.Equal(MmResult.Ok, device.MigrateToDevice(range, data));
        Assert.Equal(PagesOf(device, range), device.Pages);
        Assert.True(expected.AsSpan().SequenceEqual(data));
    }

    private protected static void AssertCpuReads(AddressSpace mm, AddressRange range, byte[] expected) =>
        Assert.True(expected.AsSpan().SequenceEqual(Read(mm, range)));

    private protected byte[] Snapshot(Dmirror device, AddressRange range)
    {
        byte[] bytes = new byte[range.Length.Value / PageSize];
        Assert.Equal(MmResult.Ok, device.Snapshot(range, bytes));
        Assert.Equal(bytes.Length, device.Pages);
        return bytes;
    }

    protected override void CheckEnd()
    {
        foreach (Dmirror mirror in _mirrors.ToArray())
        {
            Close(mirror);
        }

        Devices.ToList().ForEach(device => device.Release());
        base.CheckEnd();
    }

    private static int PagesOf(Dmirror device, AddressRange range) => (int)(range.Length.Value >> ((IntervalNotifier)device).Mm!.Machine.BaseShift.Value);
}
