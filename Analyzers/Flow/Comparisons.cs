// Whether a body compares objects by something stable: then it can lock them in an order.
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow;

/// <summary>
/// Two objects of one class can be locked together safely by whoever orders them first. The body has to show the comparison; that what it
/// then locks follows from it is not proven.
/// </summary>
internal static class Comparisons
{
    public static bool In(Body body) => body.Functions.Insert(0, body.Main).Any(Compares);

    private static bool Compares(FunctionBody function) =>
        function.Blocks.Any(b => Compares(b.Condition) || b.Steps.Any(s => s switch
        {
            AssignStep assign => Compares(assign.Value),
            CallStep call => ComparesByCall(call.Method),
            _ => false,
        }));

    private static bool Compares(Expr? expr) => expr switch
    {
        Expr.Operation { Operator: Operator.Less or Operator.LessOrEqual } test => IsSameOfTwo(test.Left, test.Right),
        Expr.Operation operation => Compares(operation.Left) || Compares(operation.Right),
        _ => false,
    };

    /// <summary>The same member of two objects.</summary>
    private static bool IsSameOfTwo(Expr left, Expr? right) =>
        left is Expr.Member one && right is Expr.Member other && ReferenceEquals(one.Symbol, other.Symbol) && one.Target != other.Target;

    private static bool ComparesByCall(IMethodSymbol method) =>
        method.Name is "CompareTo" or "Compare" or "CompareOrdinal" || (method.Name == "GetHashCode" && method.ContainingType.Name == "RuntimeHelpers");
}
