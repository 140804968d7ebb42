// Something that can be read, written or referred to, and what using it touches.
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow.Lowering;

/// <summary>
/// One thing that is used when a variable is: a place with a contract, a variable behind a reference, or what a reference points to.
/// Exactly one of the three is set.
/// </summary>
internal readonly record struct Touched(SyntaxNode Syntax, Place? Place, Expr? Reference, Expr? Contents);

/// <param name="Value">What reading it yields.</param>
/// <param name="Place">Where it lives; null where nobody can say.</param>
/// <param name="Touched">Outermost first: a field of a struct in a field touches both.</param>
internal sealed record Variable(Expr Value, Place? Place, ImmutableArray<Touched> Touched)
{
    /// <summary>The property, with the receiver and the index that its accessors get.</summary>
    public IPropertySymbol? Property { get; init; }

    public Expr? Receiver { get; init; }

    public ImmutableArray<Expr> Indexes { get; init; } = ImmutableArray<Expr>.Empty;

    /// <summary>The static type of the receiver.</summary>
    public ITypeSymbol? ReceiverType { get; init; }

    /// <summary>Set through a reference that a local or capture holds.</summary>
    public Expr? Through { get; init; }

    public static Variable Unnamed(Expr value) => new(value, null, ImmutableArray<Touched>.Empty);
}
