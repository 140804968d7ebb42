// The checks that a new kind of acquisition goes through, and the delivery of what they find.
using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Locking;

/// <summary>
/// The slow path of the validator: what is done once per chain, not once per acquisition. All of its state is guarded by one plain lock that
/// is never held while foreign code runs. Linux: <c>__lock_acquire</c> and <c>validate_chain</c>.
/// </summary>
[NoThreadSafetyAnalysis("The lock of the graph is the validator's own: held for moments, the last of all locks, and validated by nobody.")]
internal static class Validator
{
    private static readonly object s_graphLock = new();
    private static readonly DependencyGraph s_graph = new();
    private static readonly CallbackRules s_callbacks = new(s_graph);
    private static readonly HashSet<string> s_reported = new(StringComparer.Ordinal);
    private static volatile bool s_active = LockdepSwitch.Validates;

    /// <summary>The chains known to be right. Read without the graph lock.</summary>
    public static readonly ChainCache Chains = new();

    /// <summary>Whether checks are made. False for good where the switch is off, and after the first report under <see cref="ReportPolicy.FirstOnly"/>.</summary>
    public static bool IsActive => s_active;

    /// <summary>How many chains are learned; a test that wants to see the end of it sets it lower.</summary>
    public static int ChainLimit { get; set; } = ChainCache.MaxChains;

    public static ReportPolicy Policy { get; set; }

    public static ILockdepSink Sink { get; set; } = new StandardErrorSink();

    /// <summary>Makes every check on an acquisition, reports the first that fails, and learns what it teaches.</summary>
    public static void Check(HeldStack stack, ref HeldLock entry, in Acquisition wanted)
    {
        LockdepReport? report;
        lock (s_graphLock)
        {
            report = CheckHolders(stack, entry, wanted)
                ?? s_callbacks.Mark(stack, ref entry, wanted.Usage)
                ?? CheckChain(stack, ref entry, wanted);
        }

        Publish(stack, report);
    }

    /// <summary>Marks everything held as held where callbacks may run.</summary>
    public static void Admit(HeldStack stack, CallbackContexts admitted)
    {
        if (!s_active)
        {
            return;
        }

        LockdepReport? report = null;
        lock (s_graphLock)
        {
            for (int i = 0; i < stack.Held.Length && report is null; i++)
            {
                ref HeldLock entry = ref stack.Held[i];
                report = s_callbacks.Mark(stack, ref entry, CallbackUsages.Of(CallbackContexts.None, admitted, entry.Mode));
            }
        }

        Publish(stack, report);
    }

    /// <summary>Delivers a report, unless the policy says that enough was said. Called without the graph lock.</summary>
    public static void Publish(HeldStack stack, LockdepReport? report)
    {
        if (report is null || !Admits(report))
        {
            return;
        }

        bool outer = stack.IsReporting;
        stack.IsReporting = true;
        try
        {
            LockingEventSource.Log.Report(report);
            Sink.Report(report);
        }
        finally
        {
            stack.IsReporting = outer;
        }
    }

    /// <summary>Reports a full table, which ends all checks.</summary>
    public static void ReportLimit(HeldStack stack, LockMap map, string what, int limit)
    {
        if (s_active)
        {
            Publish(stack, Reports.Limit(stack, map, what, limit));
        }
    }

    /// <summary>Forgets every dependency, chain, use and report. What is held stays recorded, except by the calling thread or flow.</summary>
    public static void Reset()
    {
        lock (s_graphLock)
        {
            s_graph.Clear();
            s_callbacks.Clear();
            Chains.Clear();
            s_reported.Clear();
            foreach (LockClass lockClass in LockClass.All)
            {
                foreach (LockSubclass subclass in lockClass.Subclasses)
                {
                    subclass.Usage = CallbackUsage.None;
                }
            }

            HeldStack.Current.Clear();
            s_active = LockdepSwitch.Validates;
        }
    }

    /// <summary>The dependencies seen so far.</summary>
    public static List<Dependency> Dependencies()
    {
        lock (s_graphLock)
        {
            return [.. s_graph.Edges];
        }
    }

    private static bool Admits(LockdepReport report)
    {
        lock (s_graphLock)
        {
            if (report.Kind == LockdepReportKind.CallbackThrew)
            {
                return true;
            }

            if (!s_active || !s_reported.Add(report.Key))
            {
                return false;
            }

            s_active = Policy == ReportPolicy.EachOnce && report.Kind != LockdepReportKind.LimitReached;
            return true;
        }
    }

    /// <summary>What can be wrong whatever the order: a stranded lock, too much waiting, a nest lock that is not held.</summary>
    private static LockdepReport? CheckHolders(HeldStack stack, in HeldLock entry, in Acquisition wanted)
    {
        int stranded = stack.IndexOfStranded();
        if (stranded >= 0)
        {
            return Reports.HeldAcrossAwait(stack, stack.Held[stranded]);
        }

        if (wanted.Needs > stack.Allowed())
        {
            return Reports.InvalidWaitContext(stack, entry, wanted.Needs);
        }

        return entry.NestLock is not null && stack.IndexOf(entry.NestLock) < 0 ? Reports.NestLockNotHeld(stack, entry) : null;
    }

    /// <summary>A try cannot be the last step of a deadlock, so only what waits adds dependencies. It can be an earlier step, so it is held like any other.</summary>
    private static LockdepReport? CheckChain(HeldStack stack, ref HeldLock entry, in Acquisition wanted)
    {
        if (entry.Kind == AcquireKind.Try || Chains.Contains(entry.Chain))
        {
            return null;
        }

        LockdepReport? report = CheckRecursion(stack, entry, out Nesting nesting);
        if (report is not null || nesting == Nesting.Serialised)
        {
            return report;
        }

        StackTrace? trace = null;
        foreach (ref HeldLock held in stack.Held)
        {
            if (held.Inside == entry.Inside && held.Vertex != entry.Vertex && CheckDependency(stack, held, entry, wanted.IsSync, ref trace) is { } found)
            {
                return found;
            }
        }

        if (Chains.Count >= ChainLimit)
        {
            return Reports.Limit(stack, entry.Map, "chains", ChainLimit);
        }

        if (nesting == Nesting.None)
        {
            Chains.Add(entry.Chain);
        }

        return null;
    }

    /// <summary>Two locks of one vertex in one thread: right only for recursive reads, in instance order, or under a nest lock taken before the first.</summary>
    private static LockdepReport? CheckRecursion(HeldStack stack, in HeldLock entry, out Nesting nesting)
    {
        nesting = Nesting.None;
        bool nestLockHeld = false;
        foreach (ref HeldLock held in stack.Held)
        {
            nestLockHeld |= entry.NestLock is not null && held.Map == entry.NestLock;
            if (held.Vertex != entry.Vertex || (entry.Mode == LockMode.SharedRecursive && held.Mode != LockMode.Exclusive))
            {
                continue;
            }

            if (entry.Vertex.Class.InstanceOrder?.Invoke(held.Map.Owner, entry.Map.Owner) < 0)
            {
                nesting = Nesting.Ordered;
                continue;
            }

            nesting = Nesting.Serialised;
            return nestLockHeld ? null : Reports.Recursive(stack, held, entry);
        }

        return null;
    }

    /// <summary>Adds the dependency of one held lock, if it is new and closes no cycle. The stack is taken once, for all that are new.</summary>
    private static LockdepReport? CheckDependency(HeldStack stack, in HeldLock held, in HeldLock entry, bool isSync, ref StackTrace? trace)
    {
        DependencyKinds kind = Dependency.KindOf(held.Mode, entry.Mode);
        if (s_graph.Find(held.Vertex, entry.Vertex) is { } known && (known.Kinds & kind) == kind)
        {
            return null;
        }

        LockSubclass target = held.Vertex;
        bool heldAlone = held.Mode == LockMode.Exclusive;
        List<Dependency>? cycle = s_graph.Forward(
            entry.Vertex,
            entry.Mode == LockMode.SharedRecursive,
            (vertex, weak) => vertex == target && (heldAlone || !weak));
        if (cycle is not null)
        {
            return Reports.Circular(stack, held, entry, cycle, isSync);
        }

        LockdepReport? unsafeUse = s_callbacks.CheckDependency(stack, held, entry);
        if (unsafeUse is null)
        {
            trace ??= new StackTrace(Reports.SkippedFrames, fNeedFileInfo: false);
            s_graph.Add(held, entry, Reports.ActorOf(stack), trace);
        }

        return unsafeUse;
    }

    /// <summary>What makes it right that a lock of the same vertex is held already. Chains know classes only, so what instances decide is not cached.</summary>
    private enum Nesting
    {
        None,
        Ordered,
        Serialised,
    }
}
