// Windows one after the other do not starve a fault.
using System;
using System.Threading;
using Locking.Mirror;
using Locking.Tests.Harness;
using Locking.Tests.Mirror.Odp;
using Xunit;

namespace Locking.Tests.Mirror.Schedules;

public sealed class FairnessScheduleTests : OdpTest
{
    private sealed class Interval() : IntervalNotifier(new MutexLock(LockClass.Named("fairness")))
    {
        protected internal override bool OnInvalidate(in InvalidateRange range, ulong sequence)
        {
            using (DriverLock.Enter())
            {
                SetSequence(sequence);
            }

            return true;
        }
    }

    /// <summary>A window comes into every attempt; the one that holds windows back succeeds, and the window that comes then waits until pages are mapped.</summary>
    [Fact]
    public void WindowsInEveryAttempt_AreHeldBack()
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 2);
        MemoryRegion region = Register(end, range);
        int windows = 0, thread = Environment.CurrentManagedThreadId;
        bool wasMapped = false;
        Threads.Running? late = null;
        SchedulePoint.Hook = name =>
        {
            if (name == "R37.before-lock" && Environment.CurrentManagedThreadId == thread)
            {
                windows++;
                Threads.Run(Interleaving.AsUser(end.Mm, () => Window(end.Mm, range)));
            }
            else if (name == "R37.held")
            {
                late = Threads.Start(Interleaving.AsUser(end.Mm, () => Window(end.Mm, range)));
                Threads.AwaitBlocked(late);
            }
            else if (name == "R39.callback" && late is not null && Environment.CurrentManagedThreadId != thread)
            {
                using (region.Memory!.Umem.DriverLock.Enter())
                {
                    wasMapped = region.Memory.Umem.MappedPages.Value == 2;
                }
            }
        };
        Assert.Equal(OdpResult.Ok, end.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, range)], flush: true));
        late!.End();
        SchedulePoint.Hook = null;
        Assert.Equal(HmmRange.Patience - 1, windows);
        Assert.True(wasMapped);
        Assert.Equal(0, Mapped(region));
    }

    /// <summary>A fault that holds windows back copies what a fork shares: its own window starts nevertheless.</summary>
    [Fact]
    public void HeldBackWindows_AreNotThoseOfTheFault()
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 1);
        Write(end.Mm, range, Words(range));
        Fork(end.Mm);
        MemoryRegion region = Register(end, range);
        int attempts = 0, held = 0;
        SchedulePoint.Hook = name =>
        {
            held += name == "R37.held" ? 1 : 0;
            if (name == "R37.before-lock" && ++attempts < HmmRange.Patience)
            {
                // Copied by this attempt, it is shared again for the next.
                Fork(end.Mm);
            }
        };
        Assert.Equal(OdpResult.Ok, end.Context.Prefetch(PrefetchAdvice.Write, [(region.Key, range)], flush: true));
        SchedulePoint.Hook = null;

        // The window of the copy collided with the fault itself; the next attempt found the copy.
        Assert.Equal((HmmRange.Patience, 1), (attempts, held));
        Assert.Equal(1, Mapped(region));
        Assert.Equal(Words(range), Read(end.Mm, range));
    }

    /// <summary>One window is always open: the next starts before the last one ends. Who waits for none to be open holds the next back.</summary>
    [Fact]
    public void WindowsThatOverlapForEver_DoNotStarveAReader()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 1);
        var interval = new Interval();
        interval.Insert(mm, range);
        bool isRead = false;
        int[] started = [0, 0];
        void Overlap(int me)
        {
            while (!Volatile.Read(ref isRead))
            {
                var window = new InvalidateRange(mm, range, InvalidateEvent.ProtectionPage);
                mm.Notifiers.Start(window);
                Volatile.Write(ref started[me], started[me] + 1);
                int other = Volatile.Read(ref started[1 - me]);

                // Long after the reader's patience has ended; until then the other thread always has one open, too.
                SpinWait.SpinUntil(() => Volatile.Read(ref isRead) || Volatile.Read(ref started[1 - me]) != other, TimeSpan.FromMilliseconds(500));
                mm.Notifiers.End(window);
            }
        }

        Threads.Running[] threads = [Threads.Start(() => Overlap(0)), Threads.Start(() => Overlap(1))];
        Threads.Await(() => Volatile.Read(ref started[0]) > 0 && Volatile.Read(ref started[1]) > 0, "both have begun");
        Threads.Running reader = Threads.Start(() => interval.ReadBegin());
        try
        {
            reader.End();
        }
        finally
        {
            Volatile.Write(ref isRead, true);
        }

        Array.ForEach(threads, thread => thread.End());
        interval.Remove();
    }

    /// <summary>A shared mirror holds windows back as well.</summary>
    [Fact]
    public void SharedMirror_HoldsWindowsBack()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 1);
        var mirror = new SharedMirror();
        mirror.Insert(mm, AddressRange.All);
        int windows = 0, thread = Environment.CurrentManagedThreadId;
        SchedulePoint.Hook = name =>
        {
            // While windows are held back, one that must not block is refused.
            if (name == "walk" && Environment.CurrentManagedThreadId == thread)
            {
                Threads.Run(() =>
                {
                    var window = new InvalidateRange(mm, range, InvalidateEvent.ProtectionPage, IsBlockable: false);
                    if (mm.Notifiers.Start(window) == NotifierResult.Ok)
                    {
                        windows++;
                        mm.Notifiers.End(window);
                    }
                });
            }
        };
        Assert.Equal(HmmResult.Ok, mirror.Fault(range, isWrite: true));
        SchedulePoint.Hook = null;
        Assert.Equal(HmmRange.Patience - 1, windows);
        mirror.Remove();
    }

    private static void Window(AddressSpace mm, AddressRange range)
    {
        var window = new InvalidateRange(mm, range, InvalidateEvent.ProtectionPage);
        mm.Notifiers.Start(window);
        mm.Notifiers.End(window);
    }
}
