// What an extension block extends (C# 14): to its members, a parameter that all of them have, and to their callers the receiver.
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Contracts;

/// <summary>The compiler that the analyzer is built for does not know of them yet; the one that it runs in may.</summary>
internal static class ExtensionBlocks
{
    private static readonly PropertyInfo? s_parameter = typeof(INamedTypeSymbol).GetProperty("ExtensionParameter");

    /// <summary>The parameter of a block; null where the type is none.</summary>
    public static IParameterSymbol? ParameterOf(INamedTypeSymbol type) =>
        type.TypeKind > TypeKind.FunctionPointer ? s_parameter?.GetValue(type) as IParameterSymbol : null;
}
