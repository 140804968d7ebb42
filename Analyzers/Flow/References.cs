// Where references go that a body takes and does not put: into a member of an owner that puts them.
using System.Collections.Generic;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Flow;

internal static class References
{
    /// <summary>
    /// Whether the type of a member puts references of a kind anywhere: then one that is kept in the member is its own. That it puts this very
    /// one is not proven. What a thread alone may give up, by the mode in its contract, nobody keeps. A type in metadata is taken to do so.
    /// </summary>
    public static bool ArePutBy(LockMember keeper, LockMember? count, ContractReader reader)
    {
        ITypeSymbol? counted = count is { Symbol: null } ? count.Container : count?.Type;
        var puts = new HashSet<string>((counted?.GetMembers().OfType<IMethodSymbol>() ?? Enumerable.Empty<IMethodSymbol>())
            .Where(m => reader.Code(m).Clauses.Any(c => c is { Kind: ClauseKind.Releases, Mode: not Mode.Shared } or { Kind: ClauseKind.ReleasesWhen }))
            .Select(m => m.Name));
        IEnumerable<SyntaxReference> declarations = keeper.Container.OriginalDefinition.DeclaringSyntaxReferences;
        return !declarations.Any() || declarations.SelectMany(d => d.GetSyntax().DescendantNodes()).OfType<InvocationExpressionSyntax>().Any(i => puts.Contains(NameOf(i)));
    }

    private static string NameOf(InvocationExpressionSyntax invocation) => invocation.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => "",
    };
}
