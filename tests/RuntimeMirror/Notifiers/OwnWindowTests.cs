// What would wait for a window that the calling thread itself has to end.
using System;
using Locking.Mirror;
using Locking.Tests.Harness;
using Locking.Tests.Mirror.Odp;
using Xunit;

namespace Locking.Tests.Mirror.Notifiers;

public sealed class OwnWindowTests : OdpTest
{
    private sealed class Interval() : IntervalNotifier(new MutexLock(LockClass.Named("own_window")))
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

    private sealed class Listener : MmuNotifier;

    public static TheoryData<string, string> Refused => new()
    {
        { "ReadBegin", "an interval is read" },
        { "Remove", "an interval is removed" },
        { "Register", "a notifier is registered" },
        { "Region", "a memory region is registered" },
        { "Implicit region", "a memory region is registered" },
        { "Deregister", "a memory region is deregistered" },
        { "Fault", "a mirror faults" },
    };

    /// <summary>R43: refused at once and without effect; when the window has ended it is done.</summary>
    [Theory]
    [MemberData(nameof(Refused))]
    public void CallThatWaitsForAnOwnWindow_IsRefused(string name, string what)
    {
        End end = NewEnd();
        AddressRange range = Map(end.Mm, 1);
        (Action call, Action cleanUp) = CallOf(name, end, range);
        var window = new InvalidateRange(end.Mm, range, InvalidateEvent.ProtectionPage);
        Assert.Equal(NotifierResult.Ok, end.Mm.Notifiers.Start(window));
        InvalidOperationException refusal = Assert.Throws<InvalidOperationException>(call);
        Assert.Equal($"R43: {what} while the thread has a window open, for which it would wait.", refusal.Message);
        end.Mm.Notifiers.End(window);
        AssertReported(LockdepReportKind.MirrorProtocol);
        call();
        cleanUp();
        AssertReported(LockdepReportKind.MirrorProtocol);
    }

    /// <summary>Another thread's window is waited for, as always.</summary>
    [Fact]
    public void WindowOfAnotherThread_IsWaitedFor()
    {
        AddressSpace mm = NewMm();
        AddressRange range = Map(mm, 1);
        var interval = new Interval();
        interval.Insert(mm, range);
        var window = new InvalidateRange(mm, range, InvalidateEvent.ProtectionPage);
        mm.Notifiers.Start(window);
        Threads.Running other = Threads.Start(() => interval.ReadBegin());
        Threads.AwaitBlocked(other);
        mm.Notifiers.End(window);
        other.End();
        interval.Remove();
    }

    private static (Action Call, Action CleanUp) CallOf(string name, End end, AddressRange range)
    {
        AddressSpace mm = end.Mm;
        Interval interval = new();
        Listener listener = new();
        SharedMirror shared = new();
        MemoryRegion? region = null;
        switch (name)
        {
            case "Register":
                return (() => MmuNotifiers.Register(listener, mm), () => mm.Notifiers.Unregister(listener));
            case "Region":
                return (() => end.Context.Register(range, OdpAccess.Read, out region), () => region!.Deregister());
            case "Implicit region":
                return (() => end.Context.RegisterImplicit(OdpAccess.Read, out region), () => region!.Deregister());
            case "Deregister":
                end.Context.Register(range, OdpAccess.Read, out region);
                return (region!.Deregister, () => { });
            case "Fault":
                shared.Insert(mm, AddressRange.All);
                return (() => Assert.Equal(HmmResult.Ok, shared.Fault(range, isWrite: false)), shared.Remove);
            default:
                interval.Insert(mm, range);
                return name == "Remove" ? (interval.Remove, () => { }) : (() => interval.ReadBegin(), interval.Remove);
        }
    }
}
