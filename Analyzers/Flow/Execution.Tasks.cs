// Tasks: acquires that take effect when they are awaited, and what is known of tasks that have completed.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

internal sealed partial class Execution
{
    private static bool IsAwaitable(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask", ContainingNamespace: { Name: "Tasks", ContainingNamespace.Name: "Threading" } }
            or INamedTypeSymbol { Name: "AwaitableDisposable", Arity: 1, ContainingNamespace.Name: "AsyncEx" };

    /// <summary>What awaiting a value yields: that of a task, null where it has none, else the value itself.</summary>
    private static ITypeSymbol? Yielded(ITypeSymbol? type) => IsAwaitable(type) ? ((INamedTypeSymbol)type!).TypeArguments.FirstOrDefault() : type;

    /// <summary>An acquire that returns a task takes effect when the task is awaited.</summary>
    private void AddPending(CallSite site)
    {
        foreach (Clause clause in site.Call.Contract.Clauses.Where(c => c.Kind is ClauseKind.Acquires or ClauseKind.TryAcquires))
        {
            Binding? guard = clause.Paths.Any(p => IsGuardItself(p, site)) && site.Receiver is { } own ? _state.Guard(own) : null;
            ImmutableArray<BoundLock> locks = guard?.Locks.Select(l => l with { Mode = clause.Mode }).ToImmutableArray()
                ?? clause.Paths.Select(p => Locked(p, site, clause.Mode)).Where(l => l is not null).ToImmutableArray()!;
            AddPending(site, new PendingAcquire(site.Result, site.Call, locks, clause.Kind == ClauseKind.TryAcquires ? clause.Result : null) { IsCertain = IsEndless(site), Timeout = TimeoutOf(site), Guard = guard?.Guard });
        }
    }

    private void AddPending(CallSite site, PendingAcquire pending)
    {
        if (site.Call.ResultIsDropped)
        {
            Recorder?.LeaveUnawaited(site.Call, pending.Locks);
            AcquirePending(pending, isTry: false);
        }
        else
        {
            _state.Add(pending);
        }
    }

    private void AcquirePending(PendingAcquire pending, bool isTry)
    {
        Binding? guard = pending.Guard is { } own ? _state.Guard(own) : null;
        foreach (BoundLock @lock in pending.Locks)
        {
            Acquire(pending.Call, @lock, null, isTry, isGuard: guard is { IsReverse: false } || _state.Guard(pending.Task) is not null);
        }

        if (guard is not null)
        {
            _state.Set(guard with { IsHolding = !guard.IsReverse });
        }
    }

    /// <summary>A call that waits for a task on the spot: <c>Wait()</c>, <c>GetResult()</c>, <c>Result</c>.</summary>
    private PendingAcquire? Completed(CallSite site) =>
        site.Call.Contract.Awaits && site.Receiver is { } task ? _state.TakePending(task) : null;

    /// <summary>What is made of the task of an acquire, as a continuation is, completes after it: who awaits that has awaited the acquire.</summary>
    private void PassOnPending(CallSite site)
    {
        if (site.Receiver is { } task && !site.Call.ResultIsDropped && !site.Call.Contract.ReturnsReceiver && IsAwaitable(site.Call.ResultType) && _state.TakePending(task) is { } pending)
        {
            // Whether a try acquired is known to the continuation, and not to who awaits it.
            if (pending.Result is null)
            {
                _state.Add(pending with { Task = site.Result });
            }
        }
    }

    /// <summary>The task of an acquire was found to have completed: the lock is held, unless it said that it failed.</summary>
    private void SettleCompleted(LockId tested, bool hasFailed)
    {
        if (tested.Member is { Symbol: null, Name: ContractCatalog.Completed } && tested.Value.First is { } task && _state.Pending.Any(p => ReferenceEquals(p.Task, task) && p.Result is null))
        {
            PendingAcquire pending = _state.TakePending(task)!;
            if (!hasFailed)
            {
                AcquirePending(pending, isTry: false);
            }
        }
    }

    /// <summary>A task that was awaited has completed: looking at its result waits for nobody.</summary>
    private void Complete(Value task, ITypeSymbol? type)
    {
        if (!task.IsUnknown && _reader.CompletionOf(type) is { Kind: { } kind } completed)
        {
            _state.Set(Hold.Of(new LockId(_values.Member(task, completed), IsMonitor: false), kind, HoldOrigin.Assumed, Mode.Exclusive));
        }
    }

    private bool IsComplete(Value task) =>
        _state.Holds.Any(h => h.IsCompletion && IsSame(h.Lock.Value.First!, task))
        || _answers.Any(a => ReferenceEquals(a.Value.Task, task) && Conditions.FactOf(a.Key, _state).IsSubsetOf(a.Value.WhenComplete));

    /// <summary>
    /// What a task says of itself is true from then on. Ways on which it said different things are not told apart where they meet, but what it said is
    /// known there, as far as the ways agree.
    /// </summary>
    private void NoteAnswer(CallSite site, Clause clause, Value told)
    {
        if (clause is { Kind: ClauseKind.TestsHeld, Paths: { Length: 1 } paths } && paths[0].Members is { Length: 1 } members && members[0].Name == ContractCatalog.Completed && site.Receiver is { IsUnknown: false } task)
        {
            _answers[told] = new Answer(task, clause.Result);
        }
    }

    /// <summary>Whether two values are one, or were compared and found to be.</summary>
    private bool IsSame(Value one, Value other) => ReferenceEquals(one, other) || !Conditions.FactOf(_values.Operation(Operator.Equal, one, other, null), _state).Contains(0);

    /// <summary>A callee that awaits nothing that is not there already returns a task that is complete.</summary>
    private void NoteTask(CallSite site, MethodSummary? summary)
    {
        bool acquires = site.Call.Contract.Clauses.Any(c => c.Kind is ClauseKind.Acquires or ClauseKind.TryAcquires);
        if (summary is null || acquires || !IsAwaitable(site.Call.ResultType))
        {
            // An acquire may have to wait, whatever its body looks like.
            return;
        }

        if (summary.Suspends is not { } suspends || !CanBe(suspends, site))
        {
            Complete(site.Result, site.Call.ResultType);
        }
        else
        {
            _suspends[site.Result] = PremisesOf(site, suspends);
        }
    }

    /// <summary>What has to be true for a task that the body returns to be pending; null where it never is.</summary>
    public Premises? SuspensionOf(IReadOnlyList<State> exits)
    {
        Premises? suspends = null;
        foreach (State state in exits)
        {
            _state = state;
            Value? task = Returned(_body.Main, state);
            if (task is null || !IsComplete(task))
            {
                Premises when = task is not null && _suspends.TryGetValue(task, out Premises? known) ? known : PremisesOf();
                suspends = suspends is null ? when : suspends.Or(when);
            }
        }

        return suspends;
    }

    /// <summary>The body may come back to its caller before it is done.</summary>
    private void Suspend(Value task)
    {
        if (Recorder is not null && !_state.IsDeferred && _node.Function == _body.Main)
        {
            Recorder.SuspendWhen(_suspends.TryGetValue(task, out Premises? when) ? when : PremisesOf());
        }

        LeaveCallers();
        _state.Suspend();
    }

    private void Await(AwaitStep step, List<State> next)
    {
        Value task = Evaluate(step.Awaited);
        Recorder?.Suspend(step, HeldByFunction(), NameOf);
        if (Recorder is not null && !IsComplete(task))
        {
            WaitFor(step, task);
        }

        if (!IsComplete(task))
        {
            Suspend(task);
        }

        if (StandsForAll(task))
        {
            CompleteAll(_parts.TryGetValue(task, out TaskGroup? group) ? group : null);
        }

        Complete(task, step.AwaitedType);
        Value result = Define(YieldsNew(task) ? ValueKind.New : ValueKind.Result, step);
        _state.Slots[step.Result] = result;
        _state.Yield(task, result);
        if (ReferenceEquals(_state.Work(task), _values.Text(ContractCatalog.AwaitsAny)))
        {
            Complete(result, (step.AwaitedType as INamedTypeSymbol)?.TypeArguments.FirstOrDefault());
        }

        if (_state.TakePending(task) is { } pending)
        {
            Settle(pending, result, step.ResultIsDropped, next);
        }
        else
        {
            next.Add(_state);
        }
    }

    /// <summary>Whether a task that is awaited where it is made, and by nobody else, yields an object that was made for it.</summary>
    private bool YieldsNew(Value task) =>
        task is { Kind: ValueKind.Result, Data: CallStep { IsAwaitedAtOnce: true, Method.IsAsync: true } made } && !_state.Escaped.Contains(task) && _summaries.Find(made) is { ReturnsNew: true };

    /// <summary>
    /// A caller goes on while the rest of the body waits to run: the locks that its thread holds are not held any more, whereas one that may
    /// travel is held by whoever awaits the body.
    /// </summary>
    private void LeaveCallers()
    {
        foreach (Hold hold in _state.Holds.Where(h => h is { Origin: HoldOrigin.Inherited, Kind.ThreadAffine: true }))
        {
            _state.Remove(hold.Lock);
        }
    }

    /// <summary>The task of an acquire has ended: the lock is held, or held where the task says so.</summary>
    private void Settle(PendingAcquire pending, Value result, bool isDropped, List<State> next)
    {
        if (isDropped && !pending.Locks.IsEmpty && (pending is { Result: not null, IsCertain: false } || _failing.Contains(pending.Call)))
        {
            // Whoever waits for a signal for a while may not care which of the two came.
            Recorder?.IgnoreTry(pending.Call, pending.Locks.RemoveAll(l => l.Kind.IsSignal));
        }

        if (pending.Result is not { } success)
        {
            if (Restrict(_state, result, pending.Yields))
            {
                AcquirePending(pending, isTry: pending.MayFail);
                next.Add(_state);
            }

            return;
        }

        State failed = _state.Copy();
        if (Restrict(_state, result, success))
        {
            AcquirePending(pending, isTry: !pending.IsCertain);
            next.Add(_state);
        }

        if (!pending.IsCertain && Restrict(failed, result, success.Complement()) && (pending.Timeout is not { } timeout || Restrict(failed, timeout, ValueSet.Of(-1).Complement())))
        {
            next.Add(failed);
        }
    }

    /// <summary>A call that waits for many tasks, or makes a task that stands for them and is waited for later.</summary>
    private void NoteCompletion(CallSite site)
    {
        if (site.Call.Contract.AwaitsAll && IsAwaitable(site.Call.ResultType))
        {
            _state.SetWork(site.Result, Both(_values.Text(ContractCatalog.AwaitsAll), _state.Work(site.Result))!);
            _parts[site.Result] = GroupOf(site);
        }
        else if (site.Call.Contract.AwaitsAny)
        {
            _state.SetWork(site.Result, _values.Text(ContractCatalog.AwaitsAny));
        }
        else if (site.Call.Contract.AwaitsAll)
        {
            CompleteAll(GroupOf(site));
        }
        else if (site.Call.Contract.Awaits && site.Receiver is { } receiver && StandsForAll(receiver))
        {
            CompleteAll(_parts.TryGetValue(receiver, out TaskGroup? group) ? group : null);
        }
    }

    /// <summary>The tasks that a call gets one by one; null where it gets a collection of them.</summary>
    private TaskGroup? GroupOf(CallSite site)
    {
        ITypeSymbol? element = site.Call.Method.Parameters.FirstOrDefault()?.Type switch
        {
            IArrayTypeSymbol array => array.ElementType,
            INamedTypeSymbol { TypeArguments: { Length: 1 } elements } => elements[0],
            _ => null,
        };
        return site.Arguments.FirstOrDefault() is { Data: GatherStep gathered } ? new TaskGroup(gathered.Parts.Select(Evaluate).ToImmutableArray(), element) : null;
    }

    /// <summary>Many tasks have completed: those that are known, else all that the body has to do with.</summary>
    private void CompleteAll(TaskGroup? group)
    {
        if (group is null || group.Tasks.Any(t => t.IsUnknown))
        {
            _state.AwaitAll();
            return;
        }

        foreach (Value task in group.Tasks)
        {
            Complete(task, group.Type);
        }
    }

    private bool StandsForAll(Value task) => _state.Work(task) is { } work && work.Mentions(_values.Text(ContractCatalog.AwaitsAll));

    /// <summary>The locks of an acquire that a continuation waits for; unless it gives them up, nobody has awaited the acquire.</summary>
    private IEnumerable<Hold> ContinuedWith(FunctionBody function, CallSite site)
    {
        PendingAcquire? pending = site.Receiver is { } task ? _state.Pending.FirstOrDefault(p => ReferenceEquals(p.Task, task)) : null;
        if (pending is not null && ReleasedBy(Steps.Of(function)).Any(r => pending.Locks.Any(l => l.Lock == r.Lock)))
        {
            _state.TakePending(pending.Task);
        }

        return pending?.Locks.Select(l => Hold.Of(l.Lock, l.Kind, HoldOrigin.Assumed, l.Mode)) ?? [];
    }

    /// <summary>The tasks that a continuation gets.</summary>
    private IEnumerable<Hold> CompletedParameters(FunctionBody function) => function.Method!.Parameters
        .Select(p => (Parameter: p, Completion: _reader.CompletionOf(p.Type)))
        .Where(p => p.Completion is { Kind: not null })
        .Select(p => Hold.Of(new LockId(_values.Member(_values.Parameter(p.Parameter), p.Completion!), IsMonitor: false), p.Completion!.Kind!, HoldOrigin.Assumed, Mode.Exclusive));

    /// <summary>Tasks that are waited for together.</summary>
    private sealed record TaskGroup(ImmutableArray<Value> Tasks, ITypeSymbol? Type);

    /// <summary>What a task was asked, and what it says when it has completed.</summary>
    private sealed record Answer(Value Task, ValueSet WhenComplete);
}
