// Guard objects that no contract declares: known by what their constructor keeps and their Dispose releases.
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
    /// <summary>An object that is made with a function which releases what is held is a guard of that: <c>new Finally(() => _lock.ExitReadLock())</c>.</summary>
    private void BindByFunction(CallSite site)
    {
        ITypeSymbol? type = site.Call.IsCreation ? site.Call.Method.ContainingType : site.Call.ResultType;
        bool mayRelease = !site.Call.Functions.IsEmpty || site.Arguments.Any(a => a.Kind == ValueKind.MethodGroup);
        if (!mayRelease || type is null || (!IsDisposable(type) && !type.AllInterfaces.Any(IsDisposable)))
        {
            return;
        }

        IEnumerable<BoundLock> byLambda = site.Call.Functions.SelectMany(f => ReleasedBy(Steps.Of(f.Function)));
        IEnumerable<BoundLock> byMethod = site.Arguments
            .Where(a => a.Kind == ValueKind.MethodGroup)
            .SelectMany(a => ReleasedBy(a, site));
        Bind(site, byLambda.Concat(byMethod));
    }

    private IEnumerable<BoundLock> ReleasedBy(IEnumerable<Step> steps) => steps.OfType<CallStep>().SelectMany(c => ReleasedBy(c.Method, c.Contract, CallSiteOf(c)));

    /// <summary>What a method group gives up when it is invoked.</summary>
    private IEnumerable<BoundLock> ReleasedBy(Value group, CallSite site) =>
        ReleasedBy((IMethodSymbol)group.Data!, _reader.Code((IMethodSymbol)group.Data!), site with { Receiver = group.First, Arguments = ImmutableArray<Value>.Empty });

    private IEnumerable<BoundLock> ReleasedBy(IMethodSymbol method, CodeContract contract, CallSite site)
    {
        IEnumerable<Effect> effects = contract.HasClauses
            ? contract.Clauses.Where(c => c.Kind == ClauseKind.Releases && c.Parameter < 0).SelectMany(c => c.Paths.Select(p => new Effect(p, IsAcquire: false, c.Mode)))
            : _summaries.Find(method)?.Exits.SelectMany(e => e.Effects).Where(e => e.IsRelease) ?? Enumerable.Empty<Effect>();
        return LocksOf(effects, site);
    }

    private static bool IsDisposable(ITypeSymbol type) => type is { Name: "IDisposable" or "IAsyncDisposable", ContainingNamespace.Name: "System" };

    private void Bind(CallSite site, IEnumerable<BoundLock> released)
    {
        ImmutableArray<BoundLock> locks = released.Where(l => _state.Find(l.Lock) is { Origin: not HoldOrigin.Owed }).Distinct().ToImmutableArray();
        if (!locks.IsEmpty)
        {
            _state.Set(new Binding(site.Result, locks, IsHolding: true, IsReverse: false));
        }
    }

    /// <summary>An object whose Dispose releases what it was given is a guard of that, and holds it if it is held when the object is made.</summary>
    private void BindByShape(CallSite site)
    {
        if (!_state.Holds.IsEmpty)
        {
            BindByFunction(site);
        }

        if (!site.Call.IsCreation || _reader.IsScoped(site.Call.Method.ContainingType))
        {
            return;
        }

        foreach ((LockMember member, int parameter) in _reader.Members.SetByConstructor(site.Call.Method))
        {
            if (parameter < site.Arguments.Length && site.Arguments[parameter] is { IsUnknown: false, Kind: not (ValueKind.Number or ValueKind.Text) } kept)
            {
                _state.Store(site.Result, member, kept);
            }
        }

        if (!_state.Holds.IsEmpty && !MakesGuard(site))
        {
            Bind(site, LocksOf(DisposeOf(site).SelectMany(s => s.Exits).SelectMany(e => e.Effects).Where(e => e.IsRelease), site));
        }
    }

    /// <summary>
    /// A releaser that is made once, and returned by each acquire: to those who get it, each time a guard of what is held. Null for any other value.
    /// </summary>
    private Value? Released(AssignStep step, Value value)
    {
        bool isGivenOut = step.Slot == _node.Function.ReturnSlot || _body.Slots.SymbolOf(step.Slot) is IParameterSymbol { RefKind: RefKind.Out or RefKind.Ref };
        ImmutableArray<BoundLock> locks = isGivenOut ? ReleasedByKept(value) : ImmutableArray<BoundLock>.Empty;
        if (locks.IsEmpty)
        {
            return null;
        }

        Value guard = Define(ValueKind.Result, step);
        _state.Set(new Binding(guard, locks, IsHolding: true, IsReverse: false));
        _state.SetFact(guard, ValueSet.NonZero);
        return guard;
    }

    /// <summary>What the disposal of an object that a member keeps gives up of what is held.</summary>
    private ImmutableArray<BoundLock> ReleasedByKept(Value value) =>
        _state.Holds.IsEmpty || value.Member is not { } member || _reader.Members.Kept.Of(member) is not { } kept
            ? ImmutableArray<BoundLock>.Empty
            : DisposeOf(kept.Made).SelectMany(s => s.Exits).SelectMany(e => e.Effects).Where(e => e.IsRelease)
                .Select(e => Resolve(e.Path, value, ImmutableArray<Value>.Empty, null, null) is { } released ? new BoundLock(Identify(e.Path, released), KindOf(e.Path, released), e.Mode, NameOf(released)) : null)
                .Where(l => l is not null && _state.Find(l.Lock) is { Origin: HoldOrigin.Acquired })
                .Distinct()
                .ToImmutableArray()!;

    private ImmutableArray<MethodSummary> DisposeOf(CallSite site) => DisposeOf(site.Call.Method.ContainingType);

    private ImmutableArray<MethodSummary> DisposeOf(INamedTypeSymbol type) => type.AllInterfaces.IsEmpty
        ? ImmutableArray<MethodSummary>.Empty
        : type.GetMembers().OfType<IMethodSymbol>()
            .Where(m => MemberCode.IsDisposal(m) && m.Parameters.IsEmpty)
            .Select(_summaries.Find)
            .Where(s => s is not null)
            .ToImmutableArray()!;

    /// <summary>Whether a call ends what such a guard holds, whatever type it is seen as.</summary>
    private bool DisposesGuard(CallSite site, MethodSummary? summary)
    {
        if (!MemberCode.IsDisposal(site.Call.Method) || site.Call.Contract.HasClauses || site.Receiver is not { } receiver)
        {
            return false;
        }

        ImmutableArray<BoundLock> kept = summary is null ? ReleasedByKept(receiver) : ImmutableArray<BoundLock>.Empty;
        if (!kept.IsEmpty)
        {
            _state.Set(new Binding(receiver, kept, IsHolding: true, IsReverse: false));
        }

        return _state.Guard(receiver) is { IsReverse: false };
    }
}
