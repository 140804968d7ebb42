// What a step computes with, before the flow knows values: a small expression language over slots and members.
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

internal enum Operator
{
    Equal,
    Less,
    LessOrEqual,
    Not,
    And,
    Or,
    IsType,

    /// <summary>Any other pure operation: equal operands give an equal, otherwise unknown, result.</summary>
    Other,
}

/// <summary>Compared by structure: two equal expressions are two spellings of one thing.</summary>
internal abstract record Expr
{
    private Expr()
    {
    }

    /// <summary>A value that nothing is known about, not even that it is the same the next time.</summary>
    public static readonly Expr Unknown = new Opaque();

    public static readonly Expr Null = new Constant(0);

    public static readonly Expr True = new Constant(1);

    public sealed record Opaque : Expr;

    public sealed record This : Expr;

    /// <summary>A local, a parameter, a flow capture or a temporary.</summary>
    public sealed record Slot(int Index) : Expr;

    /// <summary>A field, property or phantom of an object.</summary>
    public sealed record Member(Expr Target, LockMember Symbol) : Expr;

    public sealed record Static(LockMember Symbol) : Expr;

    public sealed record Element(Expr Array, Expr Index) : Expr;

    /// <summary>A number; false and null are 0, true is 1.</summary>
    public sealed record Constant(long Number) : Expr;

    public sealed record Text(string Value) : Expr;

    public sealed record TypeOf(string Type) : Expr;

    public sealed record Operation(Operator Operator, Expr Left, Expr? Right, string? Detail = null) : Expr;

    /// <summary>A value type turned into an object: a new one each time.</summary>
    public sealed record Boxed : Expr;

    /// <summary>A reference to a variable.</summary>
    public sealed record Ref(Place Place) : Expr;

    /// <summary>What the variable behind a reference holds.</summary>
    public sealed record Deref(Expr Reference) : Expr;

    /// <summary>A lambda or local function as a value.</summary>
    public sealed record Function(FunctionBody Body) : Expr;

    /// <summary>A method as a value.</summary>
    public sealed record MethodGroup(IMethodSymbol Method, Expr? Target) : Expr;

    public static Expr Not(Expr operand) => operand switch
    {
        Operation { Operator: Operator.Not } inner => inner.Left,
        Constant constant => new Constant(constant.Number == 0 ? 1 : 0),
        _ => new Operation(Operator.Not, operand, null),
    };

    public static Expr Equal(Expr left, Expr right) => new Operation(Operator.Equal, left, right);
}

/// <summary>A variable that can be referred to.</summary>
internal abstract record Place
{
    private Place()
    {
    }

    public sealed record Slot(int Index) : Place;

    /// <summary>A field or property; the target is null where it is static.</summary>
    public sealed record Member(Expr? Target, LockMember Symbol, DataContract Contract) : Place;

    /// <summary>Whatever a reference refers to: a ref local, or a parameter that was passed by reference.</summary>
    public sealed record Referent(Expr Reference) : Place;

    /// <summary>An element of an array or another inside that is reached through a reference.</summary>
    public sealed record Inside(Expr Owner) : Place;
}
