// Spans, enumerators and the like: what is in an array or another collection, looked at through a value that can be kept beyond the lock.
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow.Lowering;

internal static class Views
{
    public static bool Includes(ITypeSymbol? type) =>
        type is { Name: "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory" or "ArraySegment", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>The keys of a dictionary, and its values, are those that it has when somebody looks.</summary>
    public static bool Includes(IPropertySymbol property) =>
        property is { Name: "Keys" or "Values", IsStatic: false, Type: { IsReferenceType: true, TypeKind: not TypeKind.Array } } && IsOfCollections(property.ContainingType);

    public static bool IsEnumerator(ITypeSymbol? type) => type is { Name: "Enumerator" or "IEnumerator" } && IsOfCollections(type);

    /// <summary>Whether what a method returns is a view of what it gets: <c>AsSpan</c>, <c>Slice</c>, <c>Memory.Span</c>, <c>GetEnumerator</c>.</summary>
    public static bool Makes(IMethodSymbol method) =>
        (Includes(method.ReturnType) && (Includes(method.ContainingType) || method.ContainingType is { Name: "MemoryExtensions" or "CollectionsMarshal" }))
        || (method is { Name: "GetEnumerator", IsStatic: false } && IsEnumerator(method.ReturnType) && IsOfCollections(method.ContainingType));

    /// <summary>Who is done with an enumerator does not look any more.</summary>
    public static bool IsEndedBy(IMethodSymbol method, ITypeSymbol? type) => method.Name == "Dispose" && IsEnumerator(type);

    private static bool IsOfCollections(ITypeSymbol type) => type.ContainingNamespace?.ToDisplayString() is "System.Collections" or "System.Collections.Generic" or "System.Collections.Specialized";

    public static bool IsWrittenBy(IMethodSymbol method) => Includes(method.ContainingType) && method.Name is "Clear" or "Fill";
}
