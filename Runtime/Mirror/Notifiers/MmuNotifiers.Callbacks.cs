// The notifiers of an address space: calling them, whatever they throw, and what they may not do meanwhile.
using System;
using System.Threading;

namespace Locking.Mirror;

public sealed partial class MmuNotifiers
{
    /// <summary>How many callbacks the thread is in.</summary>
    [ThreadStatic]
    private static int t_callbacks;

    /// <summary>Whether any device used the range lately. Linux: <c>mmu_notifier_test_young</c>, <c>mmu_notifier_clear_young</c>.</summary>
    /// <param name="range">The range.</param>
    /// <param name="clears">Whether to forget it.</param>
    /// <returns>Whether one did.</returns>
    [MustNotBlock]
    public bool IsYoung(AddressRange range, bool clears)
    {
        bool isYoung = false;
        using (Machine.NotifierSrcu.EnterRead())
        {
            foreach (MmuNotifier notifier in Registered)
            {
                isYoung |= CallYoung(notifier, range, clears);
            }
        }

        return isYoung;
    }

    /// <summary>Refuses, in a callback, what would wait for that callback to return (R23).</summary>
    internal static void RefuseInCallback(string what)
    {
        if (t_callbacks > 0)
        {
            throw MirrorProtocol.Misuse($"R23: {what} in a callback, for which it would wait");
        }
    }

    /// <summary>A thread is in a callback until the scope ends, and so is what is called.</summary>
    internal readonly ref struct CallbackScope
    {
        private readonly ref int _depth;

        public CallbackScope(ref int depth)
        {
            _depth = ref depth;
            Interlocked.Increment(ref depth);
            t_callbacks++;
        }

        public void Dispose()
        {
            t_callbacks--;
            Interlocked.Decrement(ref _depth);
        }
    }

    /// <summary>In a callback of a window that is not blockable nothing may wait but by spinning.</summary>
    private static ContextScope Limit(in InvalidateRange range) => range.IsBlockable ? default : Lockdep.Restrict(WaitType.Spin);

    private static int HeldLocks => LockdepSwitch.Validates ? HeldStack.Current.Held.Length : 0;

    /// <summary>INV-16: reports what a callback left held that must not.</summary>
    private static void ReportLeftHeld(int before)
    {
        if (Lockdep.IsActive)
        {
            Lockdep.ReportHeldAtExit(HeldStack.Current, before, new LockPlace("", 0));
        }
    }

    [Requires("Locking.VirtualLocks.InvalidateWindow")]
    [RequiresShared("Locking.Mirror.Machine.NotifierSrcu")]
    private static NotifierResult CallStart(MmuNotifier notifier, in InvalidateRange range)
    {
        int held = HeldLocks;
        NotifierResult result;
        try
        {
            using var scope = new CallbackScope(ref notifier.CallbackDepth);
            using ContextScope limit = Limit(range);
            using CallbackWatch watch = CallbackWatch.Begin("OnInvalidateStart", notifier);
            result = notifier.OnInvalidateStart(range);
        }
        catch (Exception e) when (e is not LockdepException)
        {
            MirrorProtocol.CallbackThrew("OnInvalidateStart", e);
            ReportLeftHeld(held);
            return range.IsBlockable ? NotifierResult.Ok : NotifierResult.Again;
        }

        bool isAllowed = result == NotifierResult.Ok || (result == NotifierResult.Again && !range.IsBlockable);
        MirrorProtocol.Expect(isAllowed, $"R34: a notifier answered {result} to a {(range.IsBlockable ? "" : "non-")}blockable window");
        if (result != NotifierResult.Ok)
        {
            ReportLeftHeld(held);
        }

        return isAllowed ? result : NotifierResult.Ok;
    }

    [Requires("Locking.VirtualLocks.InvalidateWindow")]
    [RequiresShared("Locking.Mirror.Machine.NotifierSrcu")]
    private static void CallEnd(MmuNotifier notifier, in InvalidateRange range)
    {
        try
        {
            using var scope = new CallbackScope(ref notifier.CallbackDepth);
            using ContextScope limit = Limit(range);
            using CallbackWatch watch = CallbackWatch.Begin("OnInvalidateEnd", notifier);
            notifier.OnInvalidateEnd(range);
        }
        catch (Exception e) when (e is not LockdepException)
        {
            MirrorProtocol.CallbackThrew("OnInvalidateEnd", e);
        }
    }

    [RequiresShared("Locking.Mirror.Machine.NotifierSrcu")]
    private static void CallRelease(MmuNotifier notifier)
    {
        if (Interlocked.Exchange(ref notifier.IsReleased, 1) != 0)
        {
            return;
        }

        try
        {
            using var scope = new CallbackScope(ref notifier.CallbackDepth);
            using CallbackWatch watch = CallbackWatch.Begin("OnRelease", notifier);
            notifier.OnRelease();
        }
        catch (Exception e) when (e is not LockdepException)
        {
            MirrorProtocol.CallbackThrew("OnRelease", e);
        }
    }

    /// <summary>What throws is taken to be old.</summary>
    [RequiresShared("Locking.Mirror.Machine.NotifierSrcu")]
    private static bool CallYoung(MmuNotifier notifier, AddressRange range, bool clears)
    {
        try
        {
            using var scope = new CallbackScope(ref notifier.CallbackDepth);
            return clears ? notifier.OnClearYoung(range) : notifier.OnTestYoung(range);
        }
        catch (Exception e) when (e is not LockdepException)
        {
            MirrorProtocol.CallbackThrew(clears ? "OnClearYoung" : "OnTestYoung", e);
            return false;
        }
    }

    private static bool CallInvalidate(IntervalNotifier interval, in InvalidateRange range, ulong sequence)
    {
        int held = HeldLocks;
        bool isDone;
        try
        {
            using var scope = new CallbackScope(ref interval.CallbackDepth);
            using ContextScope limit = Limit(range);
            using CallbackWatch watch = CallbackWatch.Begin("OnInvalidate", interval);
            isDone = interval.OnInvalidate(range, sequence);
        }
        catch (Exception e) when (e is not LockdepException)
        {
            MirrorProtocol.CallbackThrew("OnInvalidate", e);
            isDone = false;
        }

        ReportLeftHeld(held);
        if (!isDone && range.IsBlockable)
        {
            interval.Collide(sequence);
        }

        MirrorProtocol.Expect(!isDone || Volatile.Read(ref interval.Sequence) == sequence, "R81: an invalidate callback did not set the sequence");
        MirrorProtocol.Expect(isDone || !range.IsBlockable, "R34: an invalidate callback refused a blockable window");
        return isDone || range.IsBlockable;
    }
}
