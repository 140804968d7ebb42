// Makes reports out of what the checks found.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace Locking;

/// <summary>One method per kind of report; messages are one sentence, name the classes, and have no full stop.</summary>
internal static class Reports
{
    /// <summary>How many frames of this library are on top of a stack trace at least; they say nothing to a reader.</summary>
    public const int SkippedFrames = 3;

    /// <summary>Thread or flow, by name and number.</summary>
    public static string ActorOf(HeldStack stack)
    {
        string? name = Thread.CurrentThread.Name;
        string thread = "thread " + ManagedThread.Id + (string.IsNullOrEmpty(name) ? "" : " \"" + name + "\"");
        return stack.Flow is null ? thread : "flow \"" + stack.Flow + "\" on " + thread;
    }

    public static ReportedLock Describe(in HeldLock held) => new(
        held.Vertex.Name,
        held.Map.Instance,
        held.Mode,
        held.Place,
        CallbackUsages.Characters(held.Vertex.Usage),
        held.Map.Outer,
        held.Map.Inner);

    public static ReportedLock Describe(LockMap map, LockPlace place) =>
        new(map.Class.Name, map.Instance, LockMode.Exclusive, place, CallbackUsages.Characters(map.Vertex.Usage), map.Outer, map.Inner);

    public static LockdepReport Recursive(HeldStack stack, in HeldLock held, in HeldLock entry) => New(
        stack,
        LockdepReportKind.RecursiveLocking,
        held.Map == entry.Map ? $"'{entry.Vertex}' is acquired again by its holder" : $"'{entry.Vertex}' is acquired while another lock of its class is held",
        Describe(entry),
        Describe(held),
        scenario: [new(0, Operation(held.Mode, held.Vertex)), new(0, Operation(entry.Mode, entry.Vertex))],
        hint: held.Map == entry.Map ? "" : "If something orders the two, say so: a subclass, a nest lock, or LockClass.InstanceOrder",
        key: entry.Vertex.Name);

    public static LockdepReport Circular(HeldStack stack, in HeldLock held, in HeldLock entry, List<Dependency> path, bool isSync) => New(
        stack,
        LockdepReportKind.CircularDependency,
        $"{(isSync ? "Waiting for" : "Acquiring")} '{entry.Vertex}' while '{held.Vertex}' is held closes a cycle of lock order",
        Describe(entry),
        Describe(held),
        path,
        Scenarios.OfCycle(held, entry, path, isSync),
        key: held.Vertex.Name + " -> " + entry.Vertex.Name);

    public static LockdepReport InvalidWaitContext(HeldStack stack, in HeldLock entry, WaitType needs) => New(
        stack,
        LockdepReportKind.InvalidWaitContext,
        needs == WaitType.Async
            ? $"'{entry.Vertex}' is awaited where something is held that belongs to the thread"
            : $"'{entry.Vertex}' may wait by {needs} where only {stack.Allowed()} is allowed",
        Describe(entry),
        key: entry.Vertex.Name + " in " + stack.Allowed());

    public static LockdepReport NestLockNotHeld(HeldStack stack, in HeldLock entry) => New(
        stack,
        LockdepReportKind.NestLockNotHeld,
        $"'{entry.Vertex}' is acquired under '{entry.NestLock!.Class}', which is not held",
        Describe(entry),
        key: entry.Vertex.Name + " under " + entry.NestLock.Class.Name);

    public static LockdepReport HeldAcrossAwait(HeldStack stack, in HeldLock held) => New(
        stack,
        LockdepReportKind.HeldAcrossAwait,
        $"'{held.Vertex}' belongs to thread {held.Thread}, and the flow went on on another thread while holding it",
        Describe(held),
        key: held.Vertex.Name);

    public static LockdepReport InconsistentUse(HeldStack stack, in HeldLock entry, CallbackUsage use, string before) => New(
        stack,
        LockdepReportKind.InconsistentCallbackUse,
        $"'{entry.Vertex}' is acquired by a callback and held where that callback may run ({use})",
        Describe(entry),
        scenario: Scenarios.OfInterruption(entry.Vertex, entry.Vertex),
        hint: "Used before as " + before,
        key: entry.Vertex.Name + " " + use);

    public static LockdepReport CallbackInversion(HeldStack stack, in HeldLock entry, LockSubclass other, CallbackUsage use, List<Dependency> path, string before) => New(
        stack,
        LockdepReportKind.CallbackInversion,
        $"'{entry.Vertex}' is now used as {use}, and '{other}', which it is ordered with, contradicts that",
        Describe(entry),
        chain: path,
        scenario: (use & CallbackUsage.AllInside) != 0 ? Scenarios.OfInterruption(entry.Vertex, other) : Scenarios.OfInterruption(other, entry.Vertex),
        hint: "The other was used as " + before,
        key: entry.Vertex.Name + " " + use + " " + other.Name);

    public static LockdepReport CallbackUnsafe(
        HeldStack stack,
        in HeldLock held,
        in HeldLock entry,
        LockSubclass safeVertex,
        LockSubclass unsafeVertex,
        List<Dependency> path,
        string uses) => New(
        stack,
        LockdepReportKind.CallbackUnsafeDependency,
        $"'{held.Vertex}' -> '{entry.Vertex}' connects '{safeVertex}', which a callback acquires, with '{unsafeVertex}', which is held where it may run",
        Describe(entry),
        Describe(held),
        path,
        Scenarios.OfInterruption(safeVertex, unsafeVertex),
        hint: "Uses: " + uses,
        key: held.Vertex.Name + " -> " + entry.Vertex.Name);

    public static LockdepReport Limit(HeldStack stack, LockMap map, string what, int limit) => New(
        stack,
        LockdepReportKind.LimitReached,
        $"More than {limit} {what}; the validator is off from here on",
        Describe(map, default),
        key: what);

    /// <summary>A report about one lock and what the actor holds.</summary>
    public static LockdepReport About(HeldStack stack, LockdepReportKind kind, string message, LockMap? map, LockPlace place, string hint = "") =>
        New(stack, kind, message, map is null ? null : Describe(map, place), hint: hint, key: map?.Class.Name ?? message);

    public static string Operation(LockMode mode, LockSubclass vertex) => mode switch
    {
        LockMode.Exclusive => $"lock({vertex});",
        LockMode.Shared => $"lock-shared({vertex});",
        _ => $"enter-read({vertex});",
    };

    private static LockdepReport New(
        HeldStack stack,
        LockdepReportKind kind,
        string message,
        ReportedLock? reported,
        ReportedLock? conflict = null,
        List<Dependency>? chain = null,
        IReadOnlyList<ScenarioStep>? scenario = null,
        string hint = "",
        string key = "")
    {
        var held = new List<ReportedLock>();
        foreach (ref HeldLock entry in stack.Held)
        {
            held.Add(Describe(entry));
        }

        return new LockdepReport
        {
            Kind = kind,
            Message = message,
            Actor = ActorOf(stack),
            Lock = reported,
            Conflict = conflict,
            Chain = chain is null ? [] : [.. chain.Select(Describe)],
            Scenario = scenario ?? [],
            Held = held,
            Stack = new StackTrace(SkippedFrames, fNeedFileInfo: true).ToString(),
            Hint = hint,
            Key = kind + " " + key,
        };
    }

    private static ReportedDependency Describe(Dependency edge) =>
        new(edge.Outer.Name, edge.Inner.Name, edge.OuterPlace, edge.InnerPlace, edge.Actor, edge.Stack.ToString());
}
