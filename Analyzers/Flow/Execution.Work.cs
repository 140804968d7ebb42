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
    /// <summary>Makes one piece of work of two.</summary>
    private const string And = "and";

    /// <summary>What an async method does after it came back to its caller.</summary>
    private const string RestOf = "the rest of";

    /// <summary>A call that starts work on another thread, or waits for work.</summary>
    private void NoteWork(CallSite site, MethodSummary? summary)
    {
        CodeContract contract = site.Call.Contract;
        NoteStarted(site, summary);
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
        bool isTold = !site.Call.IsLetGo && summary.Inside.Any(i => i.IsLate && i.Path is not null && Locked(i.Path, site, i.Mode) is { } @lock && _state.Find(@lock.Lock) is { Kind.Nests: false });
        return summary.Inside.Any(i => i.IsLate) && !isTold
            ? Both(work, _values.Operation(Operator.Other, _values.MethodGroup(site.Call.Method, site.Receiver), site.Result, RestOf))
            : work;
    }

    private Value? Both(Value? one, Value? other) =>
        one is null or { IsUnknown: true } ? other : other is null or { IsUnknown: true } ? one : _values.Operation(Operator.Other, one, other, And);

    /// <summary>What a handle stands for; the handle itself where that is decided elsewhere: it came in, or is kept in a member.</summary>
    private Value WorkOf(Value handle) =>
        _state.Work(handle) is { } work ? work
        : handle.Kind is ValueKind.Parameter or ValueKind.Member or ValueKind.Static or ValueKind.Function or ValueKind.MethodGroup ? handle
        : _values.Unknown;

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
    private void KeepWork(StoreStep step, Value? owner, LockMember member, Value handle)
    {
        if (Recorder is not null && owner is null or { Kind: ValueKind.This } && _state.Work(handle) is { } work)
        {
            KeepWork(step, member, work);
        }
    }

    private void KeepWork(StoreStep step, LockMember member, Value work)
    {
        switch (work)
        {
            case { Kind: ValueKind.Operation, Data: OperationDetail { Detail: And } }:
                KeepWork(step, member, work.First!);
                KeepWork(step, member, work.Second!);
                break;
            case { Kind: ValueKind.Function, Data: FunctionBody function }:
                Recorder!.KeepWork(step, member, function);
                break;
            default:
                foreach (InnerAcquire inner in Needs(work))
                {
                    if (Needed(inner, work) is { } needed && RelativeTo(_values.This, needed, inner.Path!.Kind) is { } path)
                    {
                        Recorder!.KeepWork(step, member, path, inner.At.GetLocation());
                    }
                }

                break;
        }
    }

    private void WaitFor(Step step, Value handle) => WaitForWork(step, WorkOf(handle));

    private void WaitForWork(Step step, Value work)
    {
        if (work is { Kind: ValueKind.Operation, Data: OperationDetail { Detail: And } })
        {
            WaitForWork(step, work.First!);
            WaitForWork(step, work.Second!);
            return;
        }

        if (work.Kind is ValueKind.Parameter or ValueKind.Member or ValueKind.Static)
        {
            WaitForKept(step, work);
            return;
        }

        // What the work acquired for its caller is not what it still needs.
        foreach (Hold held in HeldHere().Where(h => !_state.HasWaitedOn(h.Lock) && !h.Sites.Any(s => ReferenceEquals(s.Step, work.Second?.Data))))
        {
            string name = NameOf(held.Lock.Value) ?? "the lock";
            if (work is { Kind: ValueKind.Function, Data: FunctionBody function })
            {
                Recorder!.WaitFor(step, function, held, name);
            }
            else if (Needs(work).FirstOrDefault(i => Needed(i, work) is { } value && Identify(i.Path!, value) == held.Lock) is { } inner)
            {
                Recorder!.WaitFor(step, held, name, inner.At.GetLocation());
            }
        }
    }

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

    /// <summary>What a method that is work acquires, by the part of it that counts.</summary>
    private IEnumerable<InnerAcquire> Needs(Value work) => work switch
    {
        { Kind: ValueKind.MethodGroup, Data: IMethodSymbol method } => AcquiresOf(method),
        { Kind: ValueKind.Operation, Data: OperationDetail { Detail: RestOf }, First.Data: IMethodSymbol method } => AcquiresOf(method).Where(i => i.IsLate),
        _ => Enumerable.Empty<InnerAcquire>(),
    };

    private IEnumerable<InnerAcquire> AcquiresOf(IMethodSymbol method) =>
        _summaries.Find(method)?.Inside.Where(i => i.Path is not null) ?? Enumerable.Empty<InnerAcquire>();

    /// <summary>The lock that a method acquires, on the object that it is called on.</summary>
    private Value? Needed(InnerAcquire inner, Value work) =>
        Resolve(inner.Path!, work.Kind == ValueKind.MethodGroup ? work.First : work.First!.First, ImmutableArray<Value>.Empty, null, null);
}
