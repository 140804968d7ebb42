// Places where a test may stop a thread, and sites where it may make something fail.
using System;
using System.Runtime.CompilerServices;

namespace Locking.Mirror;

/// <summary>
/// Places where a test may stop a thread, and sites where it may make something fail. Named after the rule or the step that they probe; null
/// hooks, the usual case, cost one load.
/// </summary>
internal static class SchedulePoint
{
    /// <summary>Called at each place with its name, by the thread that gets there.</summary>
    public static Action<string>? Hook { get; set; }

    /// <summary>Asked at each site that may fail: true makes it fail.</summary>
    public static Func<string, bool>? Failure { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Reach(string name) => Hook?.Invoke(name);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Fails(string site) => Failure?.Invoke(site) ?? false;
}
