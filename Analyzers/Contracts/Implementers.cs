// How many types of a compilation implement an interface, or derive from a class.
using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Contracts;

/// <summary>Counted once, when it is asked for. Thread-safe.</summary>
internal sealed class Implementers(Compilation compilation)
{
    private readonly Lazy<HashSet<ISymbol>> _several = new(() => FindSeveral(compilation.Assembly.GlobalNamespace));

    /// <summary>Whether a call through a type may meet objects of several types.</summary>
    public bool AreSeveral(INamedTypeSymbol type) => _several.Value.Contains(type.OriginalDefinition);

    /// <summary>The classes of its assembly that derive from a class, looked for each time.</summary>
    public static IEnumerable<INamedTypeSymbol> HeirsOf(INamedTypeSymbol type) =>
        TypesIn(type.ContainingAssembly.GlobalNamespace).Where(t => t.BaseType is { } parent && Above(parent).Contains(type.OriginalDefinition, SymbolEqualityComparer.Default));

    private static HashSet<ISymbol> FindSeveral(INamespaceSymbol root)
    {
        var one = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var several = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (INamedTypeSymbol type in TypesIn(root).Where(t => t is { IsAbstract: false, TypeKind: TypeKind.Class or TypeKind.Struct }))
        {
            several.UnionWith(Above(type).Where(t => !one.Add(t)));
        }

        return several;
    }

    private static IEnumerable<ISymbol> Above(INamedTypeSymbol type)
    {
        var above = new HashSet<ISymbol>(type.AllInterfaces.Select(i => i.OriginalDefinition), SymbolEqualityComparer.Default);
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            above.Add(current.OriginalDefinition);
        }

        return above;
    }

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol container) =>
        container.GetMembers().OfType<INamespaceOrTypeSymbol>().SelectMany(m => TypesIn(m).Concat(m is INamedTypeSymbol type ? [type] : []));
}
