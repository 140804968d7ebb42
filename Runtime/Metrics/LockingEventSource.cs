// The events of the library, for dotnet-trace and event listeners.
using System.Diagnostics.Tracing;

namespace Locking;

/// <summary>The event source <c>Locking-Runtime</c>: every report of the validator, and contention. Safe for any thread.</summary>
[EventSource(Name = "Locking-Runtime")]
public sealed class LockingEventSource : EventSource
{
    /// <summary>The one instance.</summary>
    public static readonly LockingEventSource Log = new();

    private LockingEventSource()
    {
    }

    /// <summary>Event 1: the validator reports.</summary>
    /// <param name="kind">The <see cref="LockdepReportKind"/>, by name.</param>
    /// <param name="message">The sentence.</param>
    /// <param name="text">The whole report.</param>
    [Event(1, Level = EventLevel.Error, Message = "{1}")]
    public void Report(string kind, string message, string text) => WriteEvent(1, kind, message, text);

    /// <summary>Event 2: an acquisition found the lock taken.</summary>
    /// <param name="lockClass">The class.</param>
    /// <param name="instance">The number of the instance.</param>
    [Event(2, Level = EventLevel.Informational)]
    public void ContentionStart(string lockClass, long instance) => WriteEvent(2, lockClass, instance);

    /// <summary>Event 3: that acquisition has the lock now.</summary>
    /// <param name="lockClass">The class.</param>
    /// <param name="instance">The number of the instance.</param>
    /// <param name="seconds">How long it waited.</param>
    [Event(3, Level = EventLevel.Informational)]
    public void ContentionStop(string lockClass, long instance, double seconds) => WriteEvent(3, lockClass, instance, seconds);

    [NonEvent]
    internal void Report(LockdepReport report)
    {
        if (IsEnabled())
        {
            Report(report.Kind.ToString(), report.Message, report.ToString());
        }
    }

    [NonEvent]
    internal void ContentionStart(LockMap map)
    {
        if (IsEnabled())
        {
            ContentionStart(map.Class.Name, map.Instance);
        }
    }

    [NonEvent]
    internal void ContentionStop(LockMap map, double seconds)
    {
        if (IsEnabled())
        {
            ContentionStop(map.Class.Name, map.Instance, seconds);
        }
    }
}
