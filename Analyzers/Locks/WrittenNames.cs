// Where a name stands in the text of a type: found by one walk over it, however many names are asked for.
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Locks;

/// <summary>
/// Thread-safe. Kept as long as the text is, and as positions only: nodes would keep the compiler from dropping those of bodies that it is done with.
/// </summary>
internal sealed class WrittenNames
{
    private static readonly ConditionalWeakTable<SyntaxNode, WrittenNames> s_known = new();

    private readonly SyntaxNode _text;
    private readonly Dictionary<string, List<int>> _positions = new();

    private WrittenNames(SyntaxNode text)
    {
        _text = text;
        foreach (SimpleNameSyntax name in text.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (!_positions.TryGetValue(name.Identifier.ValueText, out List<int>? positions))
            {
                _positions[name.Identifier.ValueText] = positions = new List<int>();
            }

            positions.Add(name.SpanStart);
        }
    }

    /// <summary>In all parts of a type, those nested in it included, in the order of the text.</summary>
    public static IEnumerable<SimpleNameSyntax> In(INamedTypeSymbol type, string text) =>
        type.DeclaringSyntaxReferences.SelectMany(reference => s_known.GetValue(reference.GetSyntax(), static s => new WrittenNames(s)).Find(text));

    private IEnumerable<SimpleNameSyntax> Find(string text) =>
        _positions.TryGetValue(text, out List<int>? positions) ? positions.Select(p => _text.FindToken(p).Parent).OfType<SimpleNameSyntax>() : [];
}
