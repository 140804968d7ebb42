// Work that runs on other threads: what stands for it, where it is kept, and who waits for it while holding what it needs.
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
    /// <summary>Out of how many collections, queries and enumerators a handle is followed.</summary>
    private const int MaxOrigins = 8;

    /// <summary>Makes one piece of work of two.</summary>
    private const string And = "and";

    /// <summary>What an async method does after it came back to its caller.</summary>
    private const string RestOf = "the rest of";

    /// <summary>What a callee has set going, and stands behind what it returns.</summary>
    private const string StartedBy = "started by";

    /// <summary>A call that starts work on another thread, or waits for work.</summary>
    private void NoteWork(CallSite site, MethodSummary? summary)
    {
        CodeContract contract = site.Call.Contract;
        NoteStarted(site, summary);
        PutWork(site);
        TakeWork(site);
        bool waits = contract.MayBlock || contract.Awaits || contract.Fence is { Waits: true };
        if (Recorder is null || (waits && NeverWaits(site)))
        {
            return;
        }

        if (waits && site.Receiver is { } receiver)
        {
            WaitFor(site.Call, receiver);
        }

        IEnumerable<Value> awaited = contract.AwaitedDelegates.Where(p => p < site.Arguments.Length).Select(p => site.Arguments[p]);
        foreach (Value argument in waits && (contract.AwaitsAll || contract.Fence is not null) ? awaited.Concat(site.Arguments) : awaited)
        {
            WaitFor(site.Call, argument);
        }

        foreach (LockPath path in IsAwaitable(site.Call.ResultType) || summary is null ? ImmutableArray<LockPath>.Empty : summary.WaitsFor)
        {
            if (Find(path, site) is { } handle)
            {
                WaitFor(site.Call, handle);
            }
        }

        foreach (NeededLock needed in summary is null or { Awaits.IsEmpty: true } ? [] : summary.Awaits.Where(n => !n.IsLate))
        {
            NoteAwaited(site.Call, needed, Find(needed.Path, site));
            WaitForNeeded(site.Call, needed, Find(needed.Path, site), null);
        }
    }

    /// <summary>What the result of a call stands for, or a handle that it signals.</summary>
    private void NoteStarted(CallSite site, MethodSummary? summary)
    {
        CodeContract contract = site.Call.Contract;
        Value? work = null;
        foreach (int parameter in contract.RunElsewhere.Concat(contract.AfterCompletion).Where(p => p < site.Arguments.Length))
        {
            work = Both(work, site.Arguments[parameter]);
        }

        if (!contract.AfterCompletion.IsEmpty && site.Receiver is { } antecedent)
        {
            work = Both(work, WorkOf(antecedent));
        }

        if (IsAwaitable(site.Call.ResultType))
        {
            foreach (Value argument in contract.AwaitsAll ? site.Arguments : ImmutableArray<Value>.Empty)
            {
                work = Both(work, WorkOf(argument));
            }

            work = WorkOfCallee(site, summary, work);
        }

        if (summary is { Starts.IsEmpty: false })
        {
            work = Both(work, WorkBehind(site, StartedBy));
        }

        for (int i = 0; summary is { StartsArguments: not 0 } && i < site.Arguments.Length && i < MaxArguments; i++)
        {
            work = (summary.StartsArguments & (1 << i)) != 0 ? Both(work, WorkOf(site.Arguments[i])) : work;
        }

        if (work is { IsUnknown: false })
        {
            _state.SetWork(site.Result, work);
        }

        if (contract.SignalsEnd is >= 0 and var handle && handle < site.Arguments.Length && site.Receiver is { } ending && !site.Arguments[handle].IsUnknown)
        {
            _state.SetWork(site.Arguments[handle], WorkOf(ending));
        }
    }

    /// <summary>The task of a callee: what it waits for itself, and what it does after its first await.</summary>
    private Value? WorkOfCallee(CallSite site, MethodSummary? summary, Value? work)
    {
        if (summary is null)
        {
            return work;
        }

        foreach (LockPath path in summary.WaitsFor)
        {
            work = Both(work, Find(path, site) is { } handle ? WorkOf(handle) : null);
        }

        // One who holds a lock that the rest acquires again, and could not have, is told so at the call.
        bool isLate = summary.Inside.Any(i => i.IsLate && CanBe(i.When, site));
        bool isTold = isLate && !site.Call.IsLetGo && summary.Inside.Any(i => i.IsLate && CanBe(i.When, site) && i.Path is not null && Locked(i.Path, site, i.Mode) is { } @lock && _state.Find(@lock.Lock) is { Kind.Nests: false });
        return (isLate && !isTold) || !summary.Awaits.IsEmpty ? Both(work, WorkBehind(site, RestOf)) : work;
    }

    /// <summary>Work that a callee does or has started, and that its result stands for.</summary>
    private Value WorkBehind(CallSite site, string how) => _values.Operation(Operator.Other, _values.MethodGroup(site.Call.Method, site.Receiver), site.Result, how);

    private Value? Both(Value? one, Value? other) =>
        one is null or { IsUnknown: true } ? other : other is null or { IsUnknown: true } ? one : _values.Operation(Operator.Other, one, other, And);

    /// <summary>
    /// What a handle stands for; the handle itself where that is decided elsewhere: it came in, or is kept in a member. What comes out of a collection may be
    /// any of what was put into it.
    /// </summary>
    private Value WorkOf(Value handle)
    {
        Value? current = Itself(handle);
        for (int depth = 0; depth < MaxOrigins && current is not null; depth++)
        {
            if (_state.Work(current) is { } work)
            {
                return work;
            }

            switch (current)
            {
                case { Kind: ValueKind.Element }:
                case { Kind: ValueKind.Member, Member.Symbol: { } part } when IsOfCollection(part):
                    current = current.First;
                    break;
                case { Kind: ValueKind.Operation, First: { } call, Data: OperationDetail { Detail: Written } }:
                    current = call;
                    break;
                case { Kind: ValueKind.Result, Data: ReceiveStep { Call: var caller } } when IsOfCollection(caller.Method):
                    current = (caller.Receiver ?? caller.Arguments.FirstOrDefault()) is { } source ? Itself(Evaluate(source)) : null;
                    break;
                case { Kind: ValueKind.Parameter or ValueKind.Member or ValueKind.Static or ValueKind.Function or ValueKind.MethodGroup }:
                    return current;
                default:
                    return _values.Unknown;
            }
        }

        return _values.Unknown;
    }

    /// <summary>Whether a member is one of the framework's collections, of what goes through them, or of queries.</summary>
    private static bool IsOfCollection(ISymbol member)
    {
        INamespaceSymbol? space = member.ContainingNamespace;
        while (space is { ContainingNamespace: { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false } outer })
        {
            space = outer;
        }

        return space is { Name: "Collections" or "Linq", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } || member.ContainingType?.SpecialType == SpecialType.System_Array;
    }

    /// <summary>What a collection, a query or an enumerator returns stands for what is in it.</summary>
    private void TakeWork(CallSite site)
    {
        bool isAnswer = site.Call.ResultType is null or { IsValueType: true, SpecialType: not SpecialType.None } && site.Call.Written.IsEmpty;
        if (!isAnswer && (site.Receiver ?? site.Arguments.FirstOrDefault()) is { } source && MayHaveWork(Itself(source)) && IsOfCollection(site.Call.Method) && WorkOf(source) is { IsUnknown: false } work)
        {
            _state.SetWork(site.Result, work);
        }
    }

    private bool MayHaveWork(Value source) =>
        _state.Work(source) is not null
        || (source.Member is { } member && (BodyScan.StandsForWork(member.Type) || (source.First is { } whole && member.Symbol is { } part && IsOfCollection(part) && MayHaveWork(whole))));

    /// <summary>Handles of work are put into a collection, by whatever call.</summary>
    private void PutWork(CallSite site)
    {
        if (!_state.Works.IsEmpty && site.Call.Receiver is { } collection && IsOfCollection(site.Call.Method))
        {
            foreach (Value handle in site.Arguments)
            {
                PutWork(site.Call, collection, handle);
            }
        }
    }

    /// <summary>A member's collection counts as that, even where this body has just made it.</summary>
    private void PutWork(Step step, Expr whole, Value handle)
    {
        if (_state.Works.IsEmpty || _state.Work(handle) is not { } work)
        {
            return;
        }

        switch (whole)
        {
            case Expr.Member { Symbol: var member } read:
                KeepWork(step, Itself(Evaluate(read.Target)), member, handle);
                break;
            case Expr.Static { Symbol: var member }:
                KeepWork(step, null, member, handle);
                break;
        }

        Value collection = Itself(Evaluate(whole));
        if (collection.IsUnknown)
        {
            return;
        }

        if (collection.Member is { } origin)
        {
            KeepWork(step, collection.Kind == ValueKind.Static ? null : collection.First, origin, handle);
        }
        else if (_state.Work(collection) is not { } others)
        {
            _state.SetWork(collection, work);
        }
        else if (!others.Mentions(work) && Both(others, work) is { IsUnknown: false } all)
        {
            _state.SetWork(collection, all);
        }
    }

    /// <summary>An array, or whatever else several of them are passed in.</summary>
    private void Gather(GatherStep step)
    {
        Value? work = null;
        foreach (Expr part in step.Parts)
        {
            work = Both(work, WorkOf(Evaluate(part)));
        }

        Value whole = Define(ValueKind.New, step);
        _state.Slots[step.Result] = whole;
        if (work is { IsUnknown: false })
        {
            _state.SetWork(whole, work);
        }
    }

    /// <summary>A handle of work is stored where other bodies find it.</summary>
    private void KeepWork(Step step, Value? owner, LockMember member, Value handle)
    {
        if (Recorder is not null && owner is null or { Kind: ValueKind.This } && WorkOf(handle) is var work && !ReferenceEquals(work, handle))
        {
            foreach (Value part in PartsOf(work))
            {
                KeepWork(step, member, part);
            }
        }
    }

    private void KeepWork(Step step, LockMember member, Value work)
    {
        if (FunctionOf(work) is { } function)
        {
            Recorder!.KeepWork(step, member, function);
            return;
        }

        foreach (NeededLock inner in Needs(work))
        {
            if (Needed(inner, work) is { } needed && RelativeTo(_values.This, needed, inner.Path.Kind) is { } path)
            {
                Recorder!.KeepWork(step, member, path, inner.At);
            }
        }
    }

    private void WaitFor(Step step, Value handle)
    {
        if (handle is { Kind: ValueKind.Result, Data: CallStep { Contract.HasClauses: false, Method: var maker } } && _summaries.IsForeign(maker))
        {
            Recorder!.WaitForForeign(step);
        }

        foreach (Value work in PartsOf(WorkOf(handle)))
        {
            WaitForWork(step, work);
        }
    }

    private void WaitForWork(Step step, Value work)
    {
        if (work.Kind is ValueKind.Parameter or ValueKind.Member or ValueKind.Static)
        {
            WaitForKept(step, work);
            return;
        }

        if (FunctionOf(work) is { } function)
        {
            WaitForFunction(step, function);
            return;
        }

        foreach (NeededLock needed in NeedsBehind(work))
        {
            NoteAwaited(step, needed, Needed(needed, work));
        }

        foreach (NeededLock needed in Needs(work))
        {
            WaitForNeeded(step, needed, Needed(needed, work), work.Second?.Data);
        }
    }

    private static FunctionWork? FunctionOf(Value work) => work is { Kind: ValueKind.Function, Data: FunctionBody function } ? new FunctionWork(function) : null;

    private void WaitForFunction(Step step, FunctionWork function)
    {
        if (IsWaitOfBody())
        {
            Recorder!.Await(function, IsLate(step));
        }
        else
        {
            Recorder!.AddPart(new FunctionWork(_node.Owner), function);
        }

        foreach (Hold held in HeldHere().Where(h => !_state.HasWaitedOn(h.Lock)))
        {
            Recorder!.WaitFor(step, function, held, NameOf(held.Lock.Value) ?? "the lock", UnderOf(step, held));
        }
    }

    /// <summary>Work is waited for that needs a lock, which perhaps a caller holds.</summary>
    private void NoteAwaited(Step step, NeededLock needed, Value? value)
    {
        if (value is not null && !IsWaitOfBody())
        {
            Recorder!.Need(new FunctionWork(_node.Owner), Identify(needed.Path, value), NotesOf(needed, value));
        }
        else if (TryPath(value, needed.Path.Kind) is { } path)
        {
            Recorder!.Await(needed with { Path = path, IsLate = IsLate(step) });
        }
    }

    /// <summary>Work is waited for that needs a lock, which perhaps is held here.</summary>
    /// <param name="started">The step that started the work: what the work acquired for its caller is not what it still needs.</param>
    private void WaitForNeeded(Step step, NeededLock needed, Value? value, object? started)
    {
        LockId? @lock = value is null ? null : Identify(needed.Path, value);
        if (@lock is { } own && _state.Find(own) is { } held && HeldHere().Contains(held) && !_state.HasWaitedOn(own) && !held.Sites.Any(s => ReferenceEquals(s.Step, started)))
        {
            Recorder!.WaitFor(step, held, NameOf(held.Lock.Value) ?? "the lock", needed.At);
        }
        else if (@lock is not null)
        {
            foreach (Hold outer in HeldHere().Where(h => !_state.HasWaitedOn(h.Lock)))
            {
                Recorder!.WaitUnder(step, started as Step, UnderOf(step, outer), NotesOf(needed, value!));
            }
        }
    }

    private NeededNotes NotesOf(NeededLock needed, Value value) => new(needed.At, TryPath(value, needed.Path.Kind), value, needed.Path.Kind, needed.Mode);

    /// <summary>Whether the body itself waits, and not a function that it makes.</summary>
    private bool IsWaitOfBody() => !_state.IsDeferred && _node.Function == _body.Main;

    private bool IsLate(Step step) => step is AwaitStep || _state.HasSuspended;

    /// <summary>The handle was stored by another body, or comes from the caller: what it stands for is known there.</summary>
    private void WaitForKept(Step step, Value handle)
    {
        if (!_state.IsDeferred && TryPath(handle, LockKind.Monitor) is { } path)
        {
            Recorder!.WaitFor(path);
        }

        if (handle.Member is { } member)
        {
            foreach (Hold held in HeldHere().Where(h => !_state.HasWaitedOn(h.Lock)))
            {
                Value? owner = handle.Kind == ValueKind.Static ? null : handle.First;
                if (RelativeTo(owner, held.Lock.Value, held.Lock.IsMonitor ? LockKind.Monitor : held.Kind) is { } @lock)
                {
                    Recorder!.WaitForKept(step, member, @lock, NameOf(held.Lock.Value) ?? "the lock", held);
                }
            }
        }
    }

    /// <summary>The locks that a method which is work needs, by the part of it that counts.</summary>
    private IEnumerable<NeededLock> Needs(Value work) => work switch
    {
        { Kind: ValueKind.MethodGroup, Data: IMethodSymbol method } => NeedsOf(method, _ => true),
        { Kind: ValueKind.Operation, Data: OperationDetail { Detail: RestOf }, First.Data: IMethodSymbol method } => NeedsOf(method, i => i.IsLate && (CallBehind(work) is not { } site || CanBe(i.When, site))),
        { Kind: ValueKind.Operation, Data: OperationDetail { Detail: StartedBy }, First.Data: IMethodSymbol method } => (_summaries.Find(method) ?? MethodSummary.Neutral).Starts,
        _ => [],
    };

    /// <summary>The same for work that is returned. What the rest of an async callee acquires itself is known as that.</summary>
    private IEnumerable<NeededLock> NeedsBehind(Value work) =>
        work is { Data: OperationDetail { Detail: RestOf }, First.Data: IMethodSymbol method } ? (_summaries.Find(method) ?? MethodSummary.Neutral).Awaits : Needs(work);

    private IEnumerable<NeededLock> NeedsOf(IMethodSymbol method, System.Func<InnerAcquire, bool> counts) =>
        _summaries.Find(method) is { } summary ? summary.Inside.Where(i => i.Path is not null && counts(i)).Select(i => new NeededLock(i.Path!, i.Mode, i.At.GetLocation())).Concat(summary.Awaits) : [];

    /// <summary>The lock that a method acquires, on the object that it is called on and, of a callee that was called here, on what it was passed.</summary>
    private Value? Needed(NeededLock needed, Value work) => work.Kind == ValueKind.MethodGroup
        ? Resolve(needed.Path, work.First, ImmutableArray<Value>.Empty, null, null)
        : Resolve(needed.Path, work.First!.First, needed.Path.Root == PathRoot.Parameter && CallBehind(work) is { Arguments: var arguments } ? arguments : ImmutableArray<Value>.Empty, null, null);

    /// <summary>The call that started work; null where it was not called here.</summary>
    private CallSite? CallBehind(Value work) =>
        work.Second is { Data: CallStep call } result ? new CallSite(call, work.First!.First, call.Arguments.Select(Evaluate).ToImmutableArray(), result) : null;

    /// <summary>A function returns what stands for work that it has started.</summary>
    private void NoteReturnedWork(FunctionBody function)
    {
        if (function != _body.Main && Returned(function, _state) is { } handle && _state.Work(handle) is { } work)
        {
            foreach (Value part in PartsOf(work))
            {
                AddReturned(new FunctionWork(function, IsReturned: true), part);
            }
        }
    }

    private void AddReturned(FunctionWork whole, Value work)
    {
        if (FunctionOf(work) is { } part)
        {
            Recorder!.AddPart(whole, part);
        }
        else
        {
            foreach (NeededLock needed in NeedsBehind(work))
            {
                if (Needed(needed, work) is { } value)
                {
                    Recorder!.Need(whole, Identify(needed.Path, value), NotesOf(needed, value));
                }
            }
        }
    }

    private static IEnumerable<Value> PartsOf(Value work) =>
        work is { Kind: ValueKind.Operation, Data: OperationDetail { Detail: And } } ? PartsOf(work.First!).Concat(PartsOf(work.Second!)) : [work];

    /// <summary>The locks that work needs which what the body returns stands for.</summary>
    public ImmutableArray<NeededLock> StartsOf(Recorder recorder, IReadOnlyList<State> exits) => Recorder.Ordered(StartedWork(exits).SelectMany(w => NeedsOf(w, recorder)));

    /// <summary>The parameters, by bit, that are work which what the body returns stands for.</summary>
    public int StartedArguments(IReadOnlyList<State> exits) => StartedWork(exits)
        .Select(w => w is { Kind: ValueKind.Parameter, Data: IParameterSymbol parameter } ? _body.Main.Method?.Parameters.IndexOf(parameter) ?? -1 : -1)
        .Where(i => i is >= 0 and < MaxArguments)
        .Aggregate(0, (bits, i) => bits | 1 << i);

    private IEnumerable<Value> StartedWork(IReadOnlyList<State> exits)
    {
        foreach (State state in exits)
        {
            _state = state;
            if (Returned(_body.Main, state) is { } handle && state.Work(handle) is { } work)
            {
                foreach (Value part in PartsOf(work))
                {
                    yield return part;
                }
            }
        }
    }

    private IEnumerable<NeededLock> NeedsOf(Value work, Recorder recorder) => FunctionOf(work) is { } function
        ? recorder.NeedsOf(function)
        : NeedsBehind(work).Select(n => Needed(n, work) is { } value && TryPath(value, n.Path.Kind) is { } path ? n with { Path = path, IsLate = false } : null).OfType<NeededLock>();
}
