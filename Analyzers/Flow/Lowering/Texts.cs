// The method that makes a text of an object: the compiler calls it where one is put into a string, and no operation names it.
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Flow.Lowering;

internal static class Texts
{
    /// <summary>A type's own <c>ToString</c>, as far as the program declares one; null where it does not.</summary>
    public static IMethodSymbol? Of(ITypeSymbol? type)
    {
        for (ITypeSymbol? current = type; current is { DeclaringSyntaxReferences.IsEmpty: false }; current = current.BaseType)
        {
            foreach (ISymbol member in current.GetMembers(nameof(ToString)))
            {
                if (member is IMethodSymbol { IsOverride: true, IsImplicitlyDeclared: false, Parameters.IsEmpty: true } method)
                {
                    return method;
                }
            }
        }

        return null;
    }

    /// <summary>The objects that an addition of strings makes texts of.</summary>
    public static IEnumerable<IOperation> In(IBinaryOperation operation) => operation is { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String }
        ? new[] { operation.LeftOperand, operation.RightOperand }.OfType<IConversionOperation>().Where(c => c.IsImplicit).Select(c => c.Operand)
        : Enumerable.Empty<IOperation>();
}
