// A window in each gap of the fault of a region.
using System;
using Locking.Mirror;
using Locking.Tests.Harness;
using Locking.Tests.Mirror.Odp;
using Xunit;

namespace Locking.Tests.Mirror.Schedules;

public sealed class RegionScheduleTests : OdpTest
{
    /// <summary>HX-26, with the points of the fault of a region: the page is replaced, or goes, and the device never keeps what is not there.</summary>
    [Theory]
    [InlineData("R37.resident", false)]
    [InlineData("R37.resident", true)]
    [InlineData("R37.before-lock", false)]
    [InlineData("R37.before-lock", true)]
    [InlineData("walk", false)]
    public void WindowInAFaultOfARegion_LeavesNoStaleTranslation(string point, bool unmaps)
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 4);

        // Where a page is missing, the points of the way with a fault are passed too.
        AddressRange there = point == "R37.resident" ? range : Part(range, 0, 3);
        Write(end.Mm, there, Words(there));
        MemoryRegion region = Register(end, range);
        bool hasPassed = false;
        Interleaving.At(point, Interleaving.AsUser(end.Mm, () =>
        {
            hasPassed = true;
            if (unmaps)
            {
                Assert.Equal(MmResult.Ok, end.Mm.Unmap(range));
            }
            else
            {
                end.Mm.Reclaim(range);
            }
        }));
        OdpResult result = end.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, range)], flush: true);
        SchedulePoint.Hook = null;
        Assert.True(hasPassed);
        Assert.Equal(unmaps ? OdpResult.Fault : OdpResult.Ok, result);
        Assert.Equal(unmaps ? 0 : 4, Mapped(region));
    }

    /// <summary>HX-26, HX-07: a window that comes while the device is told waits for that, and takes the page again.</summary>
    [Fact]
    public void WindowWhileARegionInstalls_WaitsAndTakesThePagesAgain()
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 4);
        Write(end.Mm, range, Words(range));
        MemoryRegion region = Register(end, range);
        Func<Threads.Running> discarding = Interleaving.Begin("R38.install", Interleaving.AsUser(end.Mm, () => end.Mm.Discard(range)));
        Assert.Equal(OdpResult.Ok, end.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, range)], flush: true));
        discarding().End();
        SchedulePoint.Hook = null;
        Assert.Equal(0, Mapped(region));
    }
}
