// A retry check outside of the update lock, or the lock given up between check and use.
using Locking;

namespace Locking.Samples.LOCK6002;

/// <summary>Counts invalidations. What was read since <see cref="ReadBegin"/> is current where <see cref="ReadRetry"/> says false, until the update lock is released.</summary>
[DeclaresCapability("Valid", CapabilityKind.Token)]
public sealed class Range
{
    private ulong _sequence;

    public UmemMutex Update { get; } = new();

    [NoThreadSafetyAnalysis("implements the sequence")]
    public ulong ReadBegin() => _sequence;

    [Requires(nameof(Update))]
    [TryAcquires(false, "Valid", Until = nameof(Update))]
    [NoThreadSafetyAnalysis("implements the sequence")]
    public bool ReadRetry(ulong sequence) => _sequence != sequence;

    [Requires(nameof(Update), "Valid")]
    public void Install(ulong page) => _sequence |= page;
}

public static class Faults
{
    public static bool CheckWithoutTheLock(Range range, ulong page)
    {
        ulong sequence = range.ReadBegin();
        if (range.ReadRetry(sequence)) // LOCK6002
        {
            return false;
        }

        range.Update.Acquire();
        range.Update.Release();
        return page != 0;
    }

    public static bool LockGivenUp(Range range, ulong page)
    {
        ulong sequence = range.ReadBegin();
        range.Update.Acquire();
        bool retry = range.ReadRetry(sequence);
        range.Update.Release();
        if (retry)
        {
            return false;
        }

        range.Update.Acquire();
        range.Install(page); // LOCK6002
        range.Update.Release();
        return true;
    }

    /// <summary>Right: check and use in one critical section.</summary>
    public static bool Install(Range range, ulong page)
    {
        ulong sequence = range.ReadBegin();
        range.Update.Acquire();
        bool retry = range.ReadRetry(sequence);
        if (!retry)
        {
            range.Install(page);
        }

        range.Update.Release();
        return !retry;
    }
}
