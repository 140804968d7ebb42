// What is in a collection, looked at without a call through it: by a method that gets it, a pattern, a spread, an index from the end.
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Flow.Lowering;

internal sealed partial class OperationLowering
{
    /// <summary>Where an index from the end lies nobody knows.</summary>
    public override Expr VisitImplicitIndexerReference(IImplicitIndexerReferenceOperation operation, object? argument) =>
        operation.IndexerSymbol is IMethodSymbol slice ? CallSlice(operation, slice) : ReadVariable(operation);

    private Expr CallSlice(IImplicitIndexerReferenceOperation operation, IMethodSymbol slice)
    {
        var call = new PendingCall(operation.Syntax, slice) { ResultType = operation.Type };
        LocateReceiver(operation.Instance, call);
        PositionOf(operation);
        return Finish(call, Reader.Code(call.Method, call.ReceiverType));
    }

    private Expr PositionOf(IImplicitIndexerReferenceOperation operation)
    {
        Visit(operation.Argument);
        return Expr.Unknown;
    }

    /// <summary>Whether a use of what a value refers to is looked at: by a contract, or as evidence for what guards a field.</summary>
    private bool TracksContents(Expr value) =>
        body.TracksContents
        || value switch
        {
            Expr.Member { Symbol.Symbol: { } member } => body.InfersContents(member),
            Expr.Static { Symbol.Symbol: { } member } => body.InfersContents(member),
            _ => false,
        };

    private Expr MatchesElements(Expr value, IListPatternOperation pattern, ITypeSymbol? type)
    {
        if (TracksContents(value))
        {
            Emit(new UseStep(pattern.Syntax, value, AccessKind.Read, _isTest));
        }

        Declare(pattern.DeclaredSymbol, value, pattern.Syntax);
        Expr all = type is { IsValueType: true } ? Expr.True : Expr.Not(Expr.Equal(value, Expr.Null));
        foreach (IPatternOperation element in pattern.Patterns)
        {
            all = new Expr.Operation(Operator.And, all, Matches(Expr.Unknown, element, element.InputType));
        }

        // How many elements there are decides as well.
        return new Expr.Operation(Operator.And, all, Expr.Unknown);
    }

    private void LookInside(IOperation collection, Expr value, AccessKind kind = AccessKind.Read)
    {
        if (TracksContents(collection))
        {
            Emit(new UseStep(collection.Syntax, value, kind, _isTest));
        }
    }

    private void LookInside(IArgumentOperation argument, IParameterSymbol parameter, Expr value, IMethodSymbol method)
    {
        // What an extension method extends is used by the call as a whole.
        bool isReceiver = body.TracksContents && method.IsExtensionMethod && parameter.Ordinal == 0;
        if (!isReceiver && IsGoneThroughBy(method, parameter))
        {
            LookInside(argument.Value, value, IsChangedBy(method, parameter) ? AccessKind.Write : AccessKind.Read);
        }
    }

    /// <summary>The framework looks at what is in a collection that it gets, to copy it, to join it, to query it, unless it only wraps it.</summary>
    private static bool IsGoneThroughBy(IMethodSymbol method, IParameterSymbol parameter) =>
        IsOfFramework(method.ContainingAssembly)
        && !IsWrapper(method)
        && (parameter.Type.TypeKind == TypeKind.Array || parameter.Type is INamedTypeSymbol { SpecialType: not SpecialType.System_String } type
            && type.AllInterfaces.Add(type).Any(i => i.SpecialType == SpecialType.System_Collections_IEnumerable));

    private static bool IsWrapper(IMethodSymbol method) =>
        method is { MethodKind: MethodKind.Constructor, ContainingType.Name: var made }
        && (made is "Collection" or "MemoryStream" or "ArraySegment" or "Memory" or "ReadOnlyMemory" or "Span" || made.StartsWith("ReadOnly", System.StringComparison.Ordinal));

    /// <summary>What the array's own methods do to the array that they get.</summary>
    private static bool IsChangedBy(IMethodSymbol method, IParameterSymbol parameter) =>
        method.ContainingType.SpecialType == SpecialType.System_Array
        && (method.Name is "Clear" or "Fill" or "Reverse" or "Sort" || parameter.Name == "destinationArray");

    private static bool IsOfFramework(IAssemblySymbol? assembly) =>
        assembly is { Name: "mscorlib" or "netstandard" } || assembly?.Name.StartsWith("System", System.StringComparison.Ordinal) == true;
}
