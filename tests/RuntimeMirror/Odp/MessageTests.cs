// Messages: what is mapped ahead of them, and what ends them early.
using System;
using System.Threading;
using Locking.Mirror;
using Xunit;

namespace Locking.Tests.Mirror.Odp;

public sealed class MessageTests : OdpTest
{
    /// <summary>A message that is cancelled ends between two pages: a part has arrived, and the queue pair works again after a reset.</summary>
    [Theory]
    [InlineData("Send")]
    [InlineData("Write")]
    [InlineData("Read")]
    public void CancelledMessage_EndsBetweenTwoPages(string kind)
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, 8), Map(far.Mm, 8));
        Write(near.Mm, from, Words(from, first: 1));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        using var cancellation = new CancellationTokenSource();

        // The second fault is that of the side that is written, so the first page arrives.
        int installs = 0;
        SchedulePoint.Hook = name =>
        {
            if (name == "R38.install" && ++installs == 3)
            {
                cancellation.Cancel();
            }
        };
        Assert.Throws<OperationCanceledException>(() => kind switch
        {
            "Send" => Send(near, far, source, target, cancellation.Token),
            "Write" => near.Queue.Write(source, from, target.Key, to.Start, cancellation.Token),
            _ => far.Queue.Read(target, to, source.Key, from.Start, cancellation.Token),
        });
        SchedulePoint.Hook = null;
        QueuePair queue = kind == "Read" ? far.Queue : near.Queue;
        Assert.Equal(QueuePairState.Error, queue.State);
        Assert.Equal(OdpResult.Invalid, queue.Write(source, from, target.Key, to.Start));
        Assert.True(Read(far.Mm, to).AsSpan((int)PageSize).IndexOfAnyExcept((byte)0) < 0, "Nothing behind the first page arrived.");
        queue.Reset();
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, from, target.Key, to.Start));
        Assert.Equal(Words(from, first: 1), Read(far.Mm, to));
    }

    private static OdpResult Send(End near, End far, MemoryRegion source, MemoryRegion target, CancellationToken cancellation)
    {
        far.Queue.PostReceive(target, target.Addresses);
        return near.Queue.Send(source, source.Addresses, cancellation);
    }

    [Fact]
    public void CancelledPrefetch_EndsBetweenTwoParts()
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 2 * 4096);
        MemoryRegion region = Register(end, range);
        using var cancellation = new CancellationTokenSource();
        SchedulePoint.Hook = name =>
        {
            if (name == "R38.install")
            {
                cancellation.Cancel();
            }
        };
        Assert.Throws<OperationCanceledException>(() => end.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, range)], flush: true, cancellation.Token));
        SchedulePoint.Hook = null;
        Assert.InRange(Mapped(region), 1, 4096);
        Assert.Equal(region.PrefetchedPages, Mapped(region));
    }

    /// <summary>A packet that is missing brings what follows it in the message, up to 4 MiB, and nothing behind the message.</summary>
    [Theory]
    [InlineData(8, 5, 1, 5)]
    [InlineData(2048, 2048, 2, 2048)]
    public void MissingPacket_BringsWhatFollows(int pages, int message, int faults, int mapped)
    {
        (End near, End far) = Connected();
        (AddressRange from, AddressRange to) = (Map(near.Mm, pages), Map(far.Mm, pages));
        (MemoryRegion source, MemoryRegion target) = (Register(near, from), Register(far, to));
        Assert.Equal(OdpResult.Ok, near.Queue.Write(source, Part(from, 0, message), target.Key, to.Start));
        Assert.Equal(2 * faults, near.Queue.PageFaults);
        Assert.Equal((mapped, mapped), (Mapped(source), Mapped(target)));
    }
}
