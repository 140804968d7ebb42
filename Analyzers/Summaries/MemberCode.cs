// A member with its body, and what is known of it so far.
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Summaries;

/// <summary>Immutable but for what an analysis notes on it; each analysis makes its own notes.</summary>
internal sealed class MemberCode(ISymbol symbol, Body body, BodyTraits traits)
{
    /// <summary>The method, or the field or property that is initialised.</summary>
    public ISymbol Symbol { get; } = symbol;

    public Body Body { get; } = body;

    public BodyTraits Traits { get; } = traits;

    public IMethodSymbol? Method => Symbol as IMethodSymbol;

    public CodeContract Contract => Body.Main.Contract;

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
