// The grace periods of an SRCU domain: numbering them, and waiting for the readers that hold one up.
using System;
using System.Threading;

namespace Locking;

/// <summary>
/// The updater's half of SRCU. One grace period runs at a time, in the thread of whoever needs it first; whoever comes while it runs waits for
/// the next, and one serves all who came. Safe for any thread.
/// </summary>
internal sealed class GracePeriods(SrcuDomain domain)
{
    /// <summary>How often a sleeping updater looks whether a reader's thread has died, in milliseconds. It is woken for everything else.</summary>
    private const int LifeCheck = 100;

    /// <summary>How many rounds of spinning an expedited grace period makes before it sleeps after all: about a millisecond.</summary>
    private const int ExpeditedRounds = 100;

    private readonly object _running = new();
    private readonly object _readerLeft = new();
    private readonly object _slotsGate = new();
    private ReaderSlot[] _slots = [];
    private long _completed = SrcuDomain.FirstNumber;

    /// <summary>The number of the first grace period that begins after now.</summary>
    public long Next
    {
        get
        {
            // What the caller did before must be visible to readers that carry the next number.
            Interlocked.MemoryBarrier();
            return Volatile.Read(ref domain.Begun) + 1;
        }
    }

    /// <summary>Replaced as a whole, and read without the lock: whoever enters later is no reader of a grace period that has begun.</summary>
    private ReaderSlot[] Slots
    {
        get => Volatile.Read(ref _slots);

        [Requires(nameof(_slotsGate))]
        set => Volatile.Write(ref _slots, value);
    }

    public bool HasPassed(long number)
    {
        bool passed = Volatile.Read(ref _completed) >= number;
        Interlocked.MemoryBarrier();
        return passed;
    }

    public void Add(ReaderSlot slot)
    {
        lock (_slotsGate)
        {
            Slots = [.. Array.FindAll(Slots, s => s.Thread.IsAlive || s.Depth > 0), slot];
        }
    }

    /// <summary>Blocks until the grace period of a number has passed; runs it if nobody does.</summary>
    public void Await(long number, bool isExpedited)
    {
        if (HasPassed(number))
        {
            return;
        }

        lock (_running)
        {
            if (!HasPassed(number))
            {
                Run(isExpedited);
            }
        }
    }

    /// <summary>A reader leaves a section that an updater sleeps for.</summary>
    [NoThreadSafetyAnalysis("The gate holds the monitor, which the analysis does not follow.")]
    public void Wake(ReaderSlot slot)
    {
        Volatile.Write(ref slot.IsAwaited, 0);
        using (Gate.Enter(_readerLeft))
        {
            Monitor.PulseAll(_readerLeft);
        }
    }

    /// <summary>Cuts the slots off the domain; false, and nothing done, where a live thread is inside a section.</summary>
    public bool TryRetire()
    {
        lock (_running)
        {
            lock (_slotsGate)
            {
                return Retire();
            }
        }
    }

    [Requires(nameof(_running), nameof(_slotsGate))]
    private bool Retire()
    {
        if (Array.Exists(Slots, s => Volatile.Read(ref s.Entered) != 0 && s.Thread.IsAlive))
        {
            return false;
        }

        Array.ForEach(Slots, s => s.Domain = null);
        Slots = [];
        return true;
    }

    /// <summary>One grace period.</summary>
    [MayBlock]
    [Requires(nameof(_running))]
    private void Run(bool isExpedited)
    {
        long number = Interlocked.Increment(ref domain.Begun);

        // From here on a reader either is seen by the loop below, or sees whatever was published before the call.
        Interlocked.MemoryBarrierProcessWide();
        foreach (ReaderSlot slot in Slots)
        {
            if (HoldsUp(slot, number) && !Spin(slot, number, isExpedited ? ExpeditedRounds : 1))
            {
                Sleep(slot, number);
            }
        }

        Volatile.Write(ref _completed, number);
    }

    private static bool HoldsUp(ReaderSlot slot, long number)
    {
        long entered = Volatile.Read(ref slot.Entered);
        return entered != 0 && entered < number;
    }

    private static bool Spin(ReaderSlot slot, long number, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            var backoff = default(Backoff);
            while (backoff.Spin())
            {
                if (!HoldsUp(slot, number))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void Sleep(ReaderSlot slot, long number)
    {
        lock (_readerLeft)
        {
            while (HoldsUp(slot, number))
            {
                Volatile.Write(ref slot.IsAwaited, 1);

                // From here on the reader either sees the flag when it leaves, or has left before the next look.
                Interlocked.MemoryBarrierProcessWide();
                if (!HoldsUp(slot, number))
                {
                    return;
                }

                if (!Monitor.Wait(_readerLeft, LifeCheck) && !slot.Thread.IsAlive)
                {
                    Abandoned(slot);
                    return;
                }
            }
        }
    }

    /// <summary>A thread that ended inside a section reads no more. It is a mistake all the same, and reported.</summary>
    private void Abandoned(ReaderSlot slot)
    {
        slot.Depth = 0;
        Volatile.Write(ref slot.Entered, 0);
        if (domain.Map is { } map)
        {
            HeldStack stack = HeldStack.Current;
            Validator.Publish(stack, Reports.About(
                stack, LockdepReportKind.HeldAtExit, $"A thread ended inside a read section of '{map.Class}'", map, default));
        }
    }
}
