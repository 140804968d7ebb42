// Waits that a contract promises: for callbacks to end, for a grace period to pass. Whoever promises one has to wait on every path.
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

internal sealed partial class Execution
{
    /// <summary>
    /// What a body owes when it is entered. What others may override, or do in its place, may have nothing to wait for; and an empty body stands for
    /// one that is written elsewhere. A domain is taken at its word about itself.
    /// </summary>
    public void OweWaits(FunctionBody function, State state)
    {
        if (function.Method is { IsVirtual: false, IsOverride: false } method && !function.Contract.Trusted && !IsEmpty(function) && !BaseMembers.Of(method).Any())
        {
            state.Owe(fence: function.Contract.Fence is { Waits: true }, grace: function.Contract.AwaitsGracePeriod is { Members.IsEmpty: false } or { Root: not PathRoot.This });
        }
    }

    /// <summary>A call waits for what was promised, or may do so for all that is known.</summary>
    private void PayWaits(CallSite site, MethodSummary? summary)
    {
        if (!_state.OwesFence && !_state.OwesGrace)
        {
            return;
        }

        CodeContract contract = site.Call.Contract;
        bool isGrace = contract.AwaitsGracePeriod is { } path && IsPromised(path, site);
        bool isForeign = !contract.SaysAnything && site.Call.Method.MethodKind != MethodKind.PropertyGet && _summaries.IsForeign(site.Call.Method);
        if (isForeign)
        {
            Recorder?.DependOnForeign();
        }

        bool isUnknown = isForeign || MayWaitUnseen(site.Call.Method, contract, summary);
        bool locks = !contract.SaysAnything && summary is { Inside.IsEmpty: false };
        _state.Pay(fence: contract.Fence is { Waits: true } || contract.AwaitsGracePeriod is not null || locks || isUnknown, grace: isGrace || locks || isUnknown);
    }

    private bool IsPromised(LockPath awaited, CallSite site) =>
        _body.Main.Contract.AwaitsGracePeriod is not { } promised || FindOwn(promised, _body.Main) is not { } own || Find(awaited, site) is not { } domain
        || Identify(awaited, domain) == Identify(promised, own);

    /// <summary>
    /// Whether a wait made by hand may be in a call: it blocks, or nobody knows what it does. A callee of this program that has a contract promises no
    /// more than that says.
    /// </summary>
    private bool MayWaitUnseen(IMethodSymbol method, CodeContract contract, MethodSummary? summary)
    {
        bool isOurs = SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, _body.Main.Symbol.ContainingAssembly);
        if (contract.SaysAnything)
        {
            return !isOurs && (contract.MayBlock || contract.Awaits || contract.Clauses.Any(c => c.Kind == ClauseKind.Waits));
        }

        return isOurs
            ? method.MethodKind == MethodKind.DelegateInvoke || method.IsAbstract || method.IsVirtual || method.IsOverride || summary?.MayBlock is not null
            : !contract.Atomic && method.MethodKind != MethodKind.PropertyGet && !IsException(method.ContainingType) && !IsEnumeration(method);
    }

    private static bool IsEnumeration(IMethodSymbol method) => method.Name is "GetEnumerator" or "MoveNext";

    private static bool IsException(ITypeSymbol? type)
    {
        while (type is not null && type is not { Name: "Exception", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
        {
            type = type.BaseType;
        }

        return type is not null;
    }

    private static bool IsEmpty(FunctionBody function) =>
        function.Blocks.All(b => b.IsEmpty);

    private void CheckWaits(FunctionBody function)
    {
        if (function != _body.Main || _state.HasThrown || _state.HasSuspended)
        {
            return;
        }

        Promise(function, !_state.OwesFence, $"{function.Contract.Fence?.What} have ended");
        Promise(function, !_state.OwesGrace, $"a grace period of '{function.Contract.AwaitsGracePeriod}' has passed");
    }
}
