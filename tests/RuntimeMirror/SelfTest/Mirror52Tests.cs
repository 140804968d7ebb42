// The self-test over the interface of 5.2, which was replaced: what it can do alone, and the schedules that break it.
using System;
using Locking.Mirror;
using Locking.Tests.Harness;
using Locking.Tests.Mirror.Schedules;
using Xunit;

namespace Locking.Tests.Mirror.SelfTest;

/// <summary>Alone a device reads and writes as over 5.3.</summary>
public sealed class Access52Tests : Access53Tests
{
    private protected override MirrorInterface Interface => MirrorInterface.Mirror52;
}

/// <summary>And sees as much.</summary>
public sealed class Snapshot52Tests : Snapshot53Tests
{
    private protected override MirrorInterface Interface => MirrorInterface.Mirror52;
}

/// <summary>
/// The list of what is expected to fail over 5.2, each with the interfaces that it does not fail over. Further mistakes of 5.2, without a device:
/// <see cref="Notifiers.OldDesignTests"/>.
/// </summary>
public sealed class Mirror52ScheduleTests : HmmSelfTest
{
    /// <summary>HX-02, NF-09, R40: a whole window between the walk and the check; the flag is true again, and a page that was freed is installed.</summary>
    [Theory]
    [InlineData(MirrorInterface.Interval55, false)]
    [InlineData(MirrorInterface.Mirror53, false)]
    [InlineData(MirrorInterface.Mirror52, true)]
    public void WindowBetweenWalkAndCheck(MirrorInterface way, bool isBroken)
    {
        Setup(DeviceMemoryKind.Coherent, 12, way);
        AddressRange range = Map(Mm, 1);
        Write(Mm, range, Words(range, 5));
        Interleaving.At("fault.before-lock", Interleaving.AsUser(Mm, () => Mm.Discard(range)));
        byte[] data = Buffer(range);
        Assert.Equal(MmResult.Ok, Device.Read(range, data));
        SchedulePoint.Hook = null;
        if (isBroken)
        {
            AssertReported(LockdepReportKind.MirrorProtocol);
        }

        // What was discarded reads as zeros.
        Assert.Equal(isBroken, data.AsSpan().IndexOfAnyExcept((byte)0) >= 0);
    }

    /// <summary>HX-05, R01: the last user leaves in the middle of a command; without a reference the walk is one of nobody.</summary>
    [Theory]
    [InlineData(MirrorInterface.Interval55, false)]
    [InlineData(MirrorInterface.Mirror53, false)]
    [InlineData(MirrorInterface.Mirror52, true)]
    public void LastUserLeavesInTheMiddle(MirrorInterface way, bool isBroken)
    {
        Setup(DeviceMemoryKind.Coherent, 12, way);
        AddressRange range = Map(Mm, 1);
        Write(Mm, range, Words(range, 5));
        bool hasLeft = false;
        SchedulePoint.Hook = name =>
        {
            if (name == "fault.after-sequence" && !hasLeft)
            {
                hasLeft = true;
                Mm.Users.Put();
            }
        };

        // The exit takes what was read from the device, which finds nobody to ask then.
        Assert.Equal(MmResult.Fault, Device.Read(range, Buffer(range)));
        SchedulePoint.Hook = null;
        if (isBroken)
        {
            Assert.Equal(Lockdep.IsEnabled, Array.Exists(Reports, report => report.Message.StartsWith("One of the mm users should be owned by th", StringComparison.Ordinal)));
        }
        Assert.Equal(0, Mm.Users.Count);
    }
}
