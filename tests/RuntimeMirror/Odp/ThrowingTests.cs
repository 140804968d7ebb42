// Exceptions out of the middle of a fault: no reference, lock or use stays behind.
using System;
using Locking.Mirror;
using Xunit;

namespace Locking.Tests.Mirror.Odp;

public sealed class ThrowingTests : OdpTest
{
    /// <summary>Memory runs out at a point or a site of a fault: the next fault works, and the region can be ended.</summary>
    [Theory]
    [InlineData("R37.resident", false)]
    [InlineData("walk", false)]
    [InlineData("R37.before-lock", false)]
    [InlineData("R38.install", false)]
    [InlineData("fault", true)]
    [InlineData("page", true)]
    [InlineData("dma", true)]
    public void ExceptionInAFault_LeavesNothingBehind(string place, bool isSite)
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 4), Map(far.Mm, 4));
        Write(near.Mm, from, Words(from));
        (MemoryRegion source, MemoryRegion target, MemoryRegion all) = (Register(near, from), Register(far, to), RegisterAll(far));
        foreach (MemoryRegion region in new[] { target, all })
        {
            Inject(place, isSite);
            Assert.Throws<OutOfMemoryException>(() => far.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, to)], flush: true));
            far.Mm.Discard(to);
            Inject(place, isSite);
            Assert.Throws<OutOfMemoryException>(() => near.Queue.Write(source, from, region.Key, to.Start));
            SchedulePoint.Hook = null;
            SchedulePoint.Failure = null;
            Assert.Equal((1, 1), (near.Mm.Users.Count, far.Mm.Users.Count));
            Assert.False(target.Memory!.Umem.DriverLock.IsHeldByCurrentThread);
            Assert.Equal(QueuePairState.Error, near.Queue.State);
            near.Queue.Reset();
            Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, region.Key, to.Start));
            Assert.True(Words(from).AsSpan().SequenceEqual(Read(far.Mm, to)));
            far.Mm.Discard(to);
        }

        // Deregistering waits for uses; none was left.
        Deregister(target);
        Deregister(all);
    }

    [Fact]
    public void QueuedPrefetch_GivesItsUsesBack()
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 4);
        MemoryRegion region = Register(end, range);
        Assert.Equal(OdpResult.Ok, end.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, range), (region.Key, AddressRange.Of(range.Start, Pages(9)))], flush: false));
        Deregister(region);
        Assert.Equal(4, region.PrefetchedPages);
    }

    /// <summary>Counted in pages of the region: what is touched in part counts.</summary>
    [Fact]
    public void Statistics_CountPages()
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 8), Map(far.Mm, 8));
        Write(near.Mm, from, Words(from));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        Assert.Equal(OdpResult.Ok, far.Context.Prefetch(PrefetchAdvice.Write, [(target.Key, AddressRange.Of(to.Start + new Bytes(100), Pages(2)))], flush: true));
        Assert.Equal((3, 3, 0), (target.PrefetchedPages, target.FaultedPages, target.InvalidatedPages));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.Equal((3, 0), (target.PrefetchedPages, target.InvalidatedPages));
        Assert.Equal(8, Mapped(target));
        far.Mm.Discard(Part(to, 2, 4));
        far.Mm.Discard(Part(to, 2, 5));
        Assert.Equal(5, target.InvalidatedPages);
    }

    private static void Inject(string place, bool isSite)
    {
        SchedulePoint.Hook = name => _ = name == place && !isSite ? throw new OutOfMemoryException() : 0;
        SchedulePoint.Failure = isSite ? name => name == place ? throw new OutOfMemoryException() : false : null;
    }
}
