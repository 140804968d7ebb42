// Delegates that a body gets and invokes, or has a callee invoke: how often, under what, and whether it returns what they return.
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
    /// <summary>Delegates that are still to be invoked: whoever comes to the end without a debt has invoked them on every way.</summary>
    public void OweRuns(State state)
    {
        foreach (IParameterSymbol parameter in _body.Main.Method?.Parameters ?? ImmutableArray<IParameterSymbol>.Empty)
        {
            if (parameter.Type.TypeKind == TypeKind.Delegate)
            {
                state.Owe(parameter);
            }
        }
    }

    /// <summary>A delegate that is null need not be invoked: who passes a function is not meant.</summary>
    public void ForgiveRuns(State state)
    {
        foreach (IParameterSymbol parameter in state.Lost.IsEmpty ? [] : state.Lost.OfType<IParameterSymbol>())
        {
            if (state.Fact(_values.Parameter(parameter)) is { } fact && fact.Equals(ValueSet.Zero))
            {
                state.Pay(parameter);
            }
        }
    }

    private void PayRuns(CallSite site, MethodSummary? summary)
    {
        if (site.Call.Method.MethodKind == MethodKind.DelegateInvoke && site.Receiver is { Kind: ValueKind.Parameter } invoked)
        {
            _state.Pay((IParameterSymbol)invoked.Data!);
        }

        foreach (ParameterRun run in summary?.Runs ?? ImmutableArray<ParameterRun>.Empty)
        {
            if (run.IsAlways && site.Call.IsDone && site.Arguments.ElementAtOrDefault(run.Parameter) is { Kind: ValueKind.Parameter } passed)
            {
                _state.Pay((IParameterSymbol)passed.Data!);
            }
        }
    }

    /// <summary>What a summary says of the body's delegate parameters.</summary>
    public ImmutableArray<ParameterRun> RunsOf(Recorder recorder, IReadOnlyList<State> exits) =>
        (_body.Main.Method?.Parameters ?? ImmutableArray<IParameterSymbol>.Empty)
            .Where(p => recorder.Invoked.ContainsKey(p) && !OtherUses.Of(p, _body, Runs))
            .Select(p => recorder.Invoked[p] with
            {
                IsAlways = exits.Count > 0 && exits.All(s => !s.Owes(p)),
                IsResult = recorder.Invoked[p].IsResult && exits.All(s => Returned(_body.Main, s) is { Kind: ValueKind.Result } result && ReferenceEquals(result.Data, recorder.InvokedAt(p))),
            })
            .ToImmutableArray();

    /// <summary>Whether a callee invokes a delegate that it gets before it returns.</summary>
    public bool Runs(CallStep call, int parameter) => call.Contract.InstantHandles.Contains(parameter) || _summaries.Find(call)?.RunOf(parameter) is not null;

    /// <summary>Tells the replay which delegates a callee invokes: parameters of the body that it hands on, methods, and what an object keeps.</summary>
    private void NoteRuns(CallSite site, MethodSummary? summary)
    {
        for (int i = 0; Recorder is not null && i < site.Arguments.Length; i++)
        {
            Value argument = site.Arguments[i];
            ParameterRun? run = summary?.RunOf(i);
            bool isRun = run is not null || site.Call.Contract.InstantHandles.Contains(i);
            if (!isRun)
            {
                continue;
            }

            ImmutableArray<BoundLock> held = LocksOf(run?.Held ?? ImmutableArray<Effect>.Empty, site);
            if (argument is { Kind: ValueKind.MethodGroup, Data: IMethodSymbol method })
            {
                Recorder.CallThrough(method.OriginalDefinition, site.Call.Syntax, HeldForMethod(site, argument, held));
                NoteRun(site with { Receiver = argument.First, Arguments = ImmutableArray<Value>.Empty }, Named(_summaries.Find(method), method), held);
            }
            else if (argument.Member is { Type.TypeKind: TypeKind.Delegate, Symbol: { } kept })
            {
                NoteRun(site with { Receiver = null, Arguments = ImmutableArray<Value>.Empty }, _summaries.OfHandlers(kept), held);
            }
            else if (argument.Kind == ValueKind.Parameter && !_state.IsDeferred)
            {
                ImmutableArray<LockPath?> arguments = run?.Arguments ?? ImmutableArray<LockPath?>.Empty;
                Recorder.Invoke(
                    (IParameterSymbol)argument.Data!,
                    EffectsOf(_state).AddRange(AcquiresOf(held)),
                    arguments.Select(a => a is null ? null : TryPath(Find(a, site), LockKind.Monitor)).ToImmutableArray(),
                    (_node, site.Call),
                    run);
            }
        }
    }

    private static MethodSummary? Named(MethodSummary? summary, IMethodSymbol method) =>
        summary is null ? null : summary with { Inside = summary.Inside.Select(i => i with { Via = i.Via ?? method }).ToImmutableArray() };

    /// <summary>What a function does inside a call that runs it.</summary>
    /// <param name="held">What the callee holds meanwhile.</param>
    private void NoteRun(CallSite site, MethodSummary? summary, ImmutableArray<BoundLock> held)
    {
        State before = _state;
        _state = before.Copy();
        foreach (BoundLock @lock in held.Where(l => _state.Find(l.Lock) is null))
        {
            _state.Set(Hold.Of(@lock.Lock, @lock.Kind, HoldOrigin.Assumed, @lock.Mode));
        }

        NoteInside(site, summary);
        NoteBlocking(site, summary);
        _state = before;
    }

    /// <summary>What is held while a callee runs a method that it got, in terms of that method.</summary>
    private ImmutableArray<(LockPath Path, LockKind Kind, Mode Mode)> HeldForMethod(CallSite site, Value group, ImmutableArray<BoundLock> byCallee)
    {
        CallSite run = site with { Receiver = group.First, Arguments = ImmutableArray<Value>.Empty };
        return HeldForCallee(run).AddRange(byCallee
            .Select(l => (Path: InTermsOf(run, l.Lock.Value, l.Lock.IsMonitor ? LockKind.Monitor : l.Kind), l.Kind, l.Mode))
            .Where(l => l.Path is not null)!);
    }
}
