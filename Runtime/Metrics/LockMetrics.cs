// Contention, wait time and hold time per lock class, for dotnet-counters and OpenTelemetry.
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Locking;

/// <summary>
/// The meter <c>Locking.Runtime</c>; the tag <c>lock.class</c> is the name of the class. Contention and waiting are told wherever locks are
/// observed, for they cost nothing to one that is free; hold times only with <see cref="LockdepSwitch.Measures"/>, and only where somebody
/// listens to the instrument.
/// </summary>
/// <remarks>Linux: lock_stat. Recording a value with one tag allocates nothing.</remarks>
internal static class LockMetrics
{
    private static readonly Meter s_meter = new("Locking.Runtime");

    private static readonly Counter<long> s_contentions =
        s_meter.CreateCounter<long>("locking.lock.contentions", "{contention}", "Acquisitions that found the lock taken.");

    private static readonly Histogram<double> s_waitTime =
        s_meter.CreateHistogram<double>("locking.lock.wait_time", "s", "How long a contended acquisition waited.");

    private static readonly Histogram<double> s_holdTime =
        s_meter.CreateHistogram<double>("locking.lock.hold_time", "s", "How long a lock was held.");

    /// <summary>Counts a contention. Answers the time for <see cref="Waited"/>, 0 where nobody listens.</summary>
    public static long Contended(LockMap? map)
    {
        if (!LockdepSwitch.Observes || map is null)
        {
            return 0;
        }

        s_contentions.Add(1, Tag(map));
        LockingEventSource.Log.ContentionStart(map);
        return s_waitTime.Enabled || LockingEventSource.Log.IsEnabled() ? Stopwatch.GetTimestamp() : 0;
    }

    public static void Waited(LockMap? map, long since)
    {
        if (since != 0 && map is not null)
        {
            double seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
            s_waitTime.Record(seconds, Tag(map));
            LockingEventSource.Log.ContentionStop(map, seconds);
        }
    }

    /// <summary>The time for <see cref="Held"/>; 0 where nothing is measured or nobody listens.</summary>
    public static long HoldStarted() => LockdepSwitch.Measures && s_holdTime.Enabled ? Stopwatch.GetTimestamp() : 0;

    public static void Held(LockMap map, long since)
    {
        if (since != 0)
        {
            s_holdTime.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, Tag(map));
        }
    }

    private static KeyValuePair<string, object?> Tag(LockMap map) => new("lock.class", map.Class.Name);
}
