// What members that other assemblies see do with locks and do not say: those who compile against them know only what is written.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Summaries;

/// <summary>To leave a lock held without saying so is a mistake of its own; here it is about what is done inside.</summary>
internal static class VisibleContracts
{
    /// <summary>Of an analysis that has run, in the order of the source. What overrides or implements something is bound by the contract of that.</summary>
    public static IEnumerable<LockEvent> Missing(ScopeAnalysis analysis, ContractReader reader) =>
        from member in analysis.Members
        let method = member.Method
        where method is not null && !MemberCode.IsHidden(method, inProgram: true) && !BaseMembers.Of(method).Any() && !reader.Code(method).Unchecked
        let missing = Of(method, reader.Code(method), analysis.Reached(member)).ToImmutableArray()
        where !missing.IsEmpty
        let location = NameOf(method)
        orderby location.SourceTree?.FilePath, location.SourceSpan.Start
        select new Unwritten(location, method, missing);

    private static IEnumerable<InferredContract> Of(IMethodSymbol method, CodeContract contract, IReadOnlyCollection<MethodSummary> reached)
    {
        var said = new HashSet<string?>(contract.Clauses.SelectMany(c => c.Paths).Select(p => p.Class ?? (p.Members.IsEmpty ? null : p.Members.Last().ClassName)));
        IEnumerable<string> acquired = reached.SelectMany(r => r.Inside).Where(i => i.Kind.Capability == CapabilityKind.Lock).Select(i => i.Class).OfType<string>();
        foreach (string name in acquired.Where(c => !said.Contains(c)).Distinct().OrderBy(c => c, StringComparer.Ordinal))
        {
            yield return new InferredContract(method, "AcquiresInside", "class:" + name);
        }

        if (reached.Any(r => r.MayBlock is not null) && !contract.MayBlock && !contract.MustNotBlock)
        {
            yield return new InferredContract(method, ContractCatalog.MayBlock, null);
        }
    }

    /// <summary>A getter without a word of its own has the name of its property.</summary>
    private static Location NameOf(IMethodSymbol method) =>
        method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is ArrowExpressionClauseSyntax && method.AssociatedSymbol is { } property
            ? property.Locations[0]
            : method.Locations[0];
}
