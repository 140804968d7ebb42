// How a user would call a member: by the name in the source, which accessors, constructors, operators and lambdas do not have.
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

internal static class SpokenName
{
    private static readonly SymbolDisplayFormat s_nameOnly = new(memberOptions: SymbolDisplayMemberOptions.None);

    public static string Of(ISymbol member) => member switch
    {
        IMethodSymbol { AssociatedSymbol: { } owner } => owner.Name,
        IFieldSymbol { AssociatedSymbol: { } property } => property.Name,
        IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor or MethodKind.DelegateInvoke } method => method.ContainingType.Name,
        IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } => "lambda",
        IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator or MethodKind.Conversion or MethodKind.Destructor } method => method.ToDisplayString(s_nameOnly),
        _ => member.Name,
    };
}
