// Using what was read optimistically before the check says that it is valid.
using Locking;

namespace Locking.Samples.LOCK6001;

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
    public static void InstallUnchecked(Range range, ulong page)
    {
        range.ReadBegin();
        range.Update.Acquire();
        range.Install(page); // LOCK6001
        range.Update.Release();
    }

    public static void InstallOnTheWrongAnswer(Range range, ulong page)
    {
        ulong sequence = range.ReadBegin();
        range.Update.Acquire();
        if (range.ReadRetry(sequence))
        {
            range.Install(page); // LOCK6001
        }

        range.Update.Release();
    }

    /// <summary>Right: sample, read, lock, check, install; again from the sample where the check says so.</summary>
    public static void Install(Range range, ulong page)
    {
        while (true)
        {
            ulong sequence = range.ReadBegin();
            range.Update.Acquire();
            if (!range.ReadRetry(sequence))
            {
                range.Install(page);
                range.Update.Release();
                return;
            }

            range.Update.Release();
        }
    }
}
