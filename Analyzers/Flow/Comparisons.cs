// Whether a body compares objects by something stable: then it can lock them in an order.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Flow;

/// <summary>
/// Two objects of one class can be locked together safely by whoever orders them first. The body has to show the comparison; that what it
/// then locks follows from it is not proven.
/// </summary>
internal sealed class Comparisons
{
    private readonly ImmutableArray<FunctionBody> _functions;

    /// <summary>What a local or temporary was given: values, and the calls that returned them. Several calls share a temporary.</summary>
    private readonly Dictionary<int, List<object>> _definitions = new();

    /// <summary>What locks the second object in order to compare it comes too late to order the two.</summary>
    private readonly Step? _second;

    private Comparisons(Body body, Step? second)
    {
        _second = second;
        _functions = body.Functions.Insert(0, body.Main).RemoveAll(f => f.Blocks.IsDefault);
        foreach (Step step in Steps)
        {
            (int slot, object? definition) = step switch
            {
                AssignStep assign => (assign.Slot, assign.Value),
                CallStep { Result: >= 0 } call => (call.Result, (object)call),
                _ => (-1, null),
            };
            if (definition is null)
            {
                continue;
            }

            if (!_definitions.TryGetValue(slot, out List<object>? known))
            {
                _definitions[slot] = known = new List<object>();
            }

            known.Add(definition);
        }
    }

    private IEnumerable<Step> Steps => _functions.SelectMany(f => f.Blocks).SelectMany(b => b.Steps);

    /// <param name="second">The step that locks the second object, if any is asked about.</param>
    public static bool In(Body body, Step? second = null)
    {
        var comparisons = new Comparisons(body, second);
        return comparisons._functions.SelectMany(f => f.Blocks).Any(b => comparisons.Compares(b.Condition)) || comparisons.Steps.Any(comparisons.Compares);
    }

    /// <summary>Whether a body puts two indexes in order: compares them, other than to end a loop, or asks which is the smaller.</summary>
    public static bool OfIndexesIn(Body body) => body.Main.Syntax.DescendantNodes().Any(n => n switch
    {
        BinaryExpressionSyntax { Left: IdentifierNameSyntax left, Right: IdentifierNameSyntax right, Parent: not ForStatementSyntax } test =>
            test.Kind() is SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression or SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanOrEqualExpression
            && left.Identifier.ValueText != right.Identifier.ValueText,
        InvocationExpressionSyntax call => LastName(call.Expression) is "Min" or "Max",
        _ => false,
    });

    private bool Compares(Step step) => step switch
    {
        AssignStep assign => Compares(assign.Value),
        CallStep call => !(_second is not null && _second != call && call.Syntax.Span.Contains(_second.Syntax.Span)) && ComparesByCall(call),
        _ => false,
    };

    private bool Compares(Expr? expr) => expr switch
    {
        Expr.Operation { Operator: Operator.Less or Operator.LessOrEqual } test => IsSameOfTwo(test.Left, test.Right) || IsDifference(test.Left) || IsDifference(test.Right),
        Expr.Operation operation => Compares(operation.Left) || Compares(operation.Right),
        _ => false,
    };

    /// <summary>The same member of two objects, read directly, by a method, or before into a local.</summary>
    private bool IsSameOfTwo(Expr left, Expr? right) => Definitions(left).Any(l => Definitions(right).Any(r => IsSameOfTwo(l, r)));

    private bool IsSameOfTwo(object? left, object? right) => (left, right) switch
    {
        _ when _second is not null && (left == _second || right == _second) => false,
        (Expr.Member one, Expr.Member other) => ReferenceEquals(one.Symbol, other.Symbol) && one.Target != other.Target,
        (CallStep one, CallStep other) => one != other && SymbolEqualityComparer.Default.Equals(one.Method, other.Method) && !one.Method.ReturnsVoid,
        _ => false,
    };

    private bool IsDifference(Expr? expr) => Definitions(expr).Any(d => d is Expr.Operation { Operator: Operator.Other, Right: { } right } operation && IsSameOfTwo(operation.Left, right));

    private IEnumerable<object?> Definitions(Expr? expr) => expr is Expr.Slot slot && _definitions.TryGetValue(slot.Index, out List<object>? definitions) ? definitions : new[] { expr };

    /// <summary>A comparison, or a sort, which makes them.</summary>
    private bool ComparesByCall(CallStep call) => call.Method.Name switch
    {
        "CompareTo" or "Compare" or "CompareOrdinal" or "Sort" or "Order" or "OrderBy" or "OrderByDescending" => true,
        "GetHashCode" => call.Method.ContainingType.Name == "RuntimeHelpers",
        "op_LessThan" or "op_GreaterThan" or "op_LessThanOrEqual" or "op_GreaterThanOrEqual" => IsSameOfTwo(call.Arguments[0], call.Arguments[1]),
        _ => TakesTwoOfAKind(call.Method) && call.Method.DeclaringSyntaxReferences.SelectMany(r => r.GetSyntax().DescendantNodes()).Any(Compares),
    };

    /// <summary>A helper of the program may compare: <c>IsBefore(other)</c>. Its source is enough to see that.</summary>
    private static bool TakesTwoOfAKind(IMethodSymbol method)
    {
        IEnumerable<ITypeSymbol> types = method.Parameters.Select(p => p.Type);
        List<ITypeSymbol> all = (method.IsStatic ? types : types.Append(method.ContainingType)).ToList();
        return all.Distinct<ITypeSymbol>(SymbolEqualityComparer.Default).Count() < all.Count;
    }

    private static bool Compares(SyntaxNode node) => node switch
    {
        BinaryExpressionSyntax test when test.IsKind(SyntaxKind.LessThanExpression) || test.IsKind(SyntaxKind.LessThanOrEqualExpression)
            || test.IsKind(SyntaxKind.GreaterThanExpression) || test.IsKind(SyntaxKind.GreaterThanOrEqualExpression) =>
            LastName(test.Left) is { } name && name == LastName(test.Right) && test.Left.ToString() != test.Right.ToString(),
        InvocationExpressionSyntax call => LastName(call.Expression) is "CompareTo" or "Compare" or "CompareOrdinal",
        _ => false,
    };

    private static string? LastName(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        IdentifierNameSyntax name => name.Identifier.ValueText,
        InvocationExpressionSyntax call => LastName(call.Expression),
        _ => null,
    };
}
