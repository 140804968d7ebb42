// The method that takes an object apart: the compiler calls it, and no operation names it.
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Flow.Lowering;

internal static class Deconstructions
{
    /// <summary>A type's own method that takes its objects apart into a number of values; null where there is none, as for tuples.</summary>
    public static IMethodSymbol? Of(ITypeSymbol? type, int parts)
    {
        for (ITypeSymbol? current = type; current is { IsTupleType: false }; current = current.BaseType)
        {
            foreach (ISymbol member in current.GetMembers("Deconstruct"))
            {
                if (member is IMethodSymbol { IsStatic: false, ReturnsVoid: true } method && method.Parameters.Length == parts && method.Parameters.All(p => p.RefKind == RefKind.Out))
                {
                    return method;
                }
            }
        }

        return null;
    }

    /// <summary>What a collection consists of; null where that is not known.</summary>
    public static ITypeSymbol? ElementOf(ITypeSymbol? collection) => collection is IArrayTypeSymbol array
        ? array.ElementType
        : collection?.AllInterfaces.Append(collection).OfType<INamedTypeSymbol>().FirstOrDefault(i => i.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)?.TypeArguments[0];

    /// <summary>The parts that a value is taken apart into.</summary>
    public static int PartsOf(IOperation target) => target switch
    {
        ITupleOperation tuple => tuple.Elements.Length,
        IDeclarationExpressionOperation { Expression: ITupleOperation tuple } => tuple.Elements.Length,
        _ => 0,
    };
}
