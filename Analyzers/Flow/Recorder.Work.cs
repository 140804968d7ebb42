// The recorder's part about work on other threads.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

internal sealed partial class Recorder
{
    private readonly List<(Step Step, FunctionBody Function, Hold Held, string Name)> _waitsForFunctions = new();
    private readonly Dictionary<Step, WaitedForWork> _waitsForWork = new();
    private readonly Dictionary<(FunctionBody Function, LockId Lock), (Location At, LockPath? Own)> _needs = new();
    private readonly HashSet<(Step Step, LockMember Member, FunctionBody Function)> _keptFunctions = new();
    private readonly HashSet<WorkKept> _kept = new();
    private readonly Dictionary<(Step, LockMember, LockPath), WaitedForKept> _waitsForKept = new();

    /// <summary>Handles that the body waits for and that its callers know more about.</summary>
    public HashSet<LockPath> WaitsFor { get; } = new();

    /// <summary>Conditions that the body waits for in no loop of its own, under a lock of its callers.</summary>
    public HashSet<LockPath> WaitsOnce { get; } = new();

    /// <summary>A function that runs on its own needs a lock.</summary>
    /// <param name="own">The lock in terms of <c>this</c>.</param>
    public void Need(FunctionBody owner, LockId @lock, LockPath? own, Location location)
    {
        if (!_needs.ContainsKey((owner, @lock)))
        {
            _needs[(owner, @lock)] = (location, own);
        }
    }

    public void WaitFor(LockPath handle) => WaitsFor.Add(handle);

    public void WaitFor(Step step, FunctionBody function, Hold held, string name) => _waitsForFunctions.Add((step, function, held, name));

    public void WaitFor(Step step, Hold held, string name, Location needs) =>
        _waitsForWork[step] = new WaitedForWork(step.Syntax.GetLocation(), name, Locations(held.Sites).ToImmutableArray(), needs);

    public void WaitForKept(Step step, LockMember handle, LockPath @lock, string name, Hold held) =>
        _waitsForKept[(step, handle, @lock)] = new WaitedForKept(step.Syntax.GetLocation(), handle, @lock, name, Locations(held.Sites).ToImmutableArray());

    public void KeepWork(Step step, LockMember handle, FunctionBody work) => _keptFunctions.Add((step, handle, work));

    public void KeepWork(Step step, LockMember handle, LockPath needs, Location at) => _kept.Add(new WorkKept(step.Syntax.GetLocation(), handle, needs, at));

    private void AddWork(List<LockEvent> events)
    {
        foreach ((Step step, FunctionBody function, Hold held, string name) in _waitsForFunctions)
        {
            if (_needs.TryGetValue((function, held.Lock), out (Location At, LockPath? Own) need))
            {
                WaitFor(step, held, name, need.At);
            }
        }

        foreach ((Step step, LockMember handle, FunctionBody function) in _keptFunctions)
        {
            foreach ((Location at, LockPath? own) in _needs.Where(n => n.Key.Function == function).Select(n => n.Value))
            {
                if (own is not null)
                {
                    KeepWork(step, handle, own, at);
                }
            }
        }

        events.AddRange(_waitsForWork.Values);
        events.AddRange(_waitsForKept.Values);
        events.AddRange(_kept);
    }
}
