// A retry loop that asks again with the sequence that failed.
using Locking;

namespace Locking.Samples.LOCK6003;

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
    public static void SampledOnce(Range range, ulong page)
    {
        ulong sequence = range.ReadBegin();
        while (true)
        {
            range.Update.Acquire();
            if (!range.ReadRetry(sequence)) // LOCK6003
            {
                range.Install(page);
                range.Update.Release();
                return;
            }

            range.Update.Release();
        }
    }

    /// <summary>Right: sampled again before each attempt.</summary>
    public static void SampledEachTime(Range range, ulong page)
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
