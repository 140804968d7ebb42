// Spans and memories: what is in an array or list, looked at through a value that can be kept beyond the lock.
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Flow.Lowering;

internal static class Views
{
    public static bool Includes(ITypeSymbol? type) =>
        type is { Name: "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory" or "ArraySegment", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>Whether what a method returns is a view of what it gets: <c>AsSpan</c>, <c>Slice</c>, <c>Memory.Span</c>.</summary>
    public static bool Makes(IMethodSymbol method) =>
        Includes(method.ReturnType) && (Includes(method.ContainingType) || method.ContainingType is { Name: "MemoryExtensions" or "CollectionsMarshal" });

    public static bool IsWrittenBy(IMethodSymbol method) => Includes(method.ContainingType) && method.Name is "Clear" or "Fill";
}
