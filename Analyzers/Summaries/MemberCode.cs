// A member with its body, as the analyses of a type and of the program share it.
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Summaries;

/// <param name="symbol">The method, or the field or property that is initialised.</param>
/// <param name="syntax">The body in the source.</param>
/// <param name="body">Null where it is nested too deeply to be lowered.</param>
internal sealed class MemberCode(ISymbol symbol, SyntaxNode syntax, Body? body)
{
    public ISymbol Symbol { get; } = symbol;

    public SyntaxNode Syntax { get; } = syntax;

    public Body? Body { get; } = body;

    public IMethodSymbol? Method => Symbol as IMethodSymbol;

    public CodeContract Contract => Body?.Main.Contract ?? CodeContract.None;

    /// <summary>
    /// Whether every caller is in sight of an analysis of the type around it: private, or in a private type, and not reached through
    /// anything else. What such a member acquires or releases for its callers is theirs to judge.
    /// </summary>
    public bool HasKnownCallers =>
        Method is { IsVirtual: false, IsOverride: false, IsAbstract: false, ExplicitInterfaceImplementations.IsEmpty: true } method
        && method.MethodKind is MethodKind.Ordinary or MethodKind.Constructor or MethodKind.PropertyGet or MethodKind.PropertySet
        && IsPrivate(method);

    private static bool IsPrivate(ISymbol symbol)
    {
        for (ISymbol? current = symbol; current is not null; current = current.ContainingType)
        {
            if (current.DeclaredAccessibility == Accessibility.Private)
            {
                return true;
            }
        }

        return false;
    }
}
