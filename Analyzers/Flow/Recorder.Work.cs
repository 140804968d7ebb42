// The recorder's part about work on other threads.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

/// <summary>What a function runs on its own.</summary>
/// <param name="IsReturned">It is not the function that counts, but the work that it returns.</param>
internal sealed record FunctionWork(FunctionBody Function, bool IsReturned = false);

/// <summary>That work acquires a lock.</summary>
/// <param name="Own">The lock in terms of the body; null where it has none.</param>
internal sealed record NeededNotes(Location At, LockPath? Own, Value Value, LockKind Kind, Mode Mode);

internal sealed partial class Recorder
{
    private readonly List<WaitForFunction> _waitsForFunctions = new();

    /// <summary>Locks that work which is waited for acquires, under locks that are held meanwhile.</summary>
    private readonly List<(Step Step, Step? Started, AcquiredUnder Pair)> _underWaits = new();
    private readonly Dictionary<Step, WaitedForWork> _waitsForWork = new();
    private readonly Dictionary<(FunctionWork Work, LockId Lock), NeededNotes> _needs = new();
    private readonly HashSet<(Step Step, LockMember Member, FunctionWork Work)> _keptFunctions = new();
    private readonly HashSet<WorkKept> _kept = new();
    private readonly Dictionary<(Step, LockMember, LockPath), WaitedForKept> _waitsForKept = new();

    /// <summary>Handles that the body waits for and that its callers know more about.</summary>
    public HashSet<LockPath> WaitsFor { get; } = new();

    private readonly HashSet<Step> _waitsForForeign = new();
    private readonly HashSet<NeededLock> _awaited = new();
    private readonly HashSet<(FunctionWork Work, bool IsLate)> _awaitedFunctions = new();

    /// <summary>Work that ends only when other work has ended.</summary>
    private readonly HashSet<(FunctionWork Whole, FunctionWork Part)> _parts = new();

    /// <summary>Conditions that the body waits for in no loop of its own, under a lock of its callers.</summary>
    public HashSet<LockPath> WaitsOnce { get; } = new();

    /// <summary>Work needs a lock.</summary>
    public void Need(FunctionWork owner, LockId @lock, NeededNotes notes)
    {
        if (!_needs.ContainsKey((owner, @lock)))
        {
            _needs[(owner, @lock)] = notes;
        }
    }

    /// <summary>What the body waits for, a callee has started that is not analysed together with it.</summary>
    public void WaitForForeign(Step step) => _waitsForForeign.Add(step);

    public void WaitFor(LockPath handle) => WaitsFor.Add(handle);

    /// <summary>The body waits for work that needs a lock, whoever holds it.</summary>
    public void Await(NeededLock needed) => _awaited.Add(needed);

    public void Await(FunctionWork work, bool isLate) => _awaitedFunctions.Add((work, isLate));

    /// <summary>Whoever waits for the one waits for the other.</summary>
    public void AddPart(FunctionWork whole, FunctionWork part) => _parts.Add((whole, part));

    /// <summary>The locks that the work needs which the body waits for.</summary>
    public ImmutableArray<NeededLock> Awaited() => Ordered(_awaited.Concat(_awaitedFunctions.SelectMany(f => NeedsOf(f.Work).Select(n => n with { IsLate = f.IsLate }))));

    /// <summary>The locks that work needs, in terms of the body.</summary>
    public IEnumerable<NeededLock> NeedsOf(FunctionWork work)
    {
        HashSet<FunctionWork> whole = WholeOf(work);
        return _needs.Where(n => whole.Contains(n.Key.Work) && n.Value.Own is not null).Select(n => new NeededLock(n.Value.Own!, n.Value.Mode, n.Value.At));
    }

    /// <summary>Work with all that it waits for or returns. Work of a function ends, for whoever started it, with what the function returns.</summary>
    private HashSet<FunctionWork> WholeOf(FunctionWork work)
    {
        var whole = new HashSet<FunctionWork> { work };
        var open = new Stack<FunctionWork>(whole);
        while (open.Count > 0)
        {
            FunctionWork current = open.Pop();
            foreach (FunctionWork part in _parts.Where(p => p.Whole == current).Select(p => p.Part).Append(current with { IsReturned = true }))
            {
                if (whole.Add(part))
                {
                    open.Push(part);
                }
            }
        }

        return whole;
    }

    /// <summary>One for each lock, in an order that says nothing of how they were found.</summary>
    public static ImmutableArray<NeededLock> Ordered(IEnumerable<NeededLock> needs) => needs
        .OrderBy(n => n.Path.Text, System.StringComparer.Ordinal)
        .ThenBy(n => n.IsLate)
        .ThenBy(n => n.At.SourceTree?.FilePath, System.StringComparer.Ordinal)
        .ThenBy(n => n.At.SourceSpan.Start)
        .GroupBy(n => n.Path)
        .Select(g => g.First())
        .Take(MethodSummary.MaxInside)
        .ToImmutableArray();

    /// <param name="under">What follows for the order of the lock that is held from another one that the work needs.</param>
    public void WaitFor(Step step, FunctionWork work, Hold held, string name, Func<NeededNotes, AcquiredUnder?>? under) => _waitsForFunctions.Add(new WaitForFunction(step, work, held, name, under));

    /// <param name="started">The step that started the work: what it acquires for its caller is told there.</param>
    public void WaitUnder(Step step, Step? started, Func<NeededNotes, AcquiredUnder?>? under, NeededNotes needed)
    {
        if (under?.Invoke(needed) is { } pair)
        {
            _underWaits.Add((step, started, pair));
        }
    }

    public void WaitFor(Step step, Hold held, string name, Location needs) =>
        _waitsForWork[step] = new WaitedForWork(step.Syntax.GetLocation(), name, Locations(held.Sites).ToImmutableArray(), needs);

    public void WaitForKept(Step step, LockMember handle, LockPath @lock, string name, Hold held) =>
        _waitsForKept[(step, handle, @lock)] = new WaitedForKept(step.Syntax.GetLocation(), handle, @lock, name, Locations(held.Sites).ToImmutableArray());

    public void KeepWork(Step step, LockMember handle, FunctionWork work) => _keptFunctions.Add((step, handle, work));

    public void KeepWork(Step step, LockMember handle, LockPath needs, Location at) => _kept.Add(new WorkKept(step.Syntax.GetLocation(), handle, needs, at));

    private void AddWork(List<LockEvent> events)
    {
        foreach (WaitForFunction wait in _waitsForFunctions)
        {
            HashSet<FunctionWork> whole = WholeOf(wait.Work);
            ILookup<bool, NeededNotes> needs = _needs.Where(n => whole.Contains(n.Key.Work)).OrderBy(n => n.Value.At.SourceSpan.Start).ToLookup(n => n.Key.Lock == wait.Held.Lock, n => n.Value);
            foreach (NeededNotes own in needs[true].Take(1))
            {
                WaitFor(wait.Step, wait.Held, wait.Name, own.At);
            }

            foreach (NeededNotes other in needs[false])
            {
                WaitUnder(wait.Step, null, wait.Under, other);
            }
        }

        foreach ((Step step, Step? started, AcquiredUnder pair) in _underWaits)
        {
            (Step, string, string) key = (step, pair.Outer.Class, pair.Inner.Class);
            if (!_order.ContainsKey(key) && (started is null || !_order.ContainsKey((started, pair.Outer.Class, pair.Inner.Class))))
            {
                _order[key] = pair;
            }
        }

        foreach ((Step step, LockMember handle, FunctionWork work) in _keptFunctions)
        {
            foreach (NeededLock needed in NeedsOf(work).Where(n => n.Path.Root != PathRoot.Parameter))
            {
                KeepWork(step, handle, needed.Path, needed.At);
            }
        }

        events.AddRange(_waitsForWork.Values);
        events.AddRange(_waitsForKept.Values);
        events.AddRange(_kept);
    }

    private sealed record WaitForFunction(Step Step, FunctionWork Work, Hold Held, string Name, Func<NeededNotes, AcquiredUnder?>? Under);
}
