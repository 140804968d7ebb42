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

    private ImmutableArray<MethodSummary> DisposeOf(CallSite site) => site.Call.Method.ContainingType.AllInterfaces.IsEmpty
        ? ImmutableArray<MethodSummary>.Empty
        : site.Call.Method.ContainingType.GetMembers().OfType<IMethodSymbol>()
            .Where(m => MemberCode.IsDisposal(m) && m.Parameters.IsEmpty)
            .Select(_summaries.Find)
            .Where(s => s is not null)
            .ToImmutableArray()!;

    /// <summary>Whether a call ends what such a guard holds, whatever type it is seen as.</summary>
    private bool DisposesGuard(CallSite site) =>
        MemberCode.IsDisposal(site.Call.Method) && !site.Call.Contract.HasClauses && site.Receiver is { } receiver && _state.Guard(receiver) is { IsReverse: false };
}
