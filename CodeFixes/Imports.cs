// Adds a using directive where a name does not mean what it should without one.
using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

internal static class Imports
{
    /// <summary>The name to write for a type: qualified where the short one means something else.</summary>
    public static string NameOf(SemanticModel model, int position, string @namespace, string type, string? shortName = null) =>
        IsHidden(model, position, @namespace, type) ? $"{@namespace}.{shortName ?? type}" : shortName ?? type;

    /// <summary>The root with the namespace imported, unless the type is in scope at the position already.</summary>
    /// <param name="model">Of the tree before the change.</param>
    /// <param name="position">In the tree before the change.</param>
    public static SyntaxNode Add(SyntaxNode root, SemanticModel model, int position, string @namespace, string type)
    {
        bool isInScope = model.LookupNamespacesAndTypes(position, name: type).Any(s => s.ContainingNamespace.ToDisplayString() == @namespace);
        if (isInScope || IsHidden(model, position, @namespace, type) || root is not CompilationUnitSyntax unit)
        {
            return root;
        }

        BaseNamespaceDeclarationSyntax? inner = unit.Usings.Any() ? null : unit.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault(n => n.Usings.Any());
        SyntaxList<UsingDirectiveSyntax> usings = inner?.Usings ?? unit.Usings;
        if (!usings.Any())
        {
            return WithFirst(unit, @namespace);
        }

        if (usings.Any(u => IsPlain(u) && u.Name!.ToString() == @namespace))
        {
            return root;
        }

        SyntaxList<UsingDirectiveSyntax> added = Insert(usings, @namespace);
        return inner is null ? unit.WithUsings(added) : unit.ReplaceNode(inner, inner.WithUsings(added));
    }

    private static bool IsHidden(SemanticModel model, int position, string @namespace, string type) =>
        model.LookupNamespacesAndTypes(position, name: type).Any(s => s is INamespaceSymbol || s.ContainingNamespace.ToDisplayString() != @namespace);

    private static SyntaxList<UsingDirectiveSyntax> Insert(SyntaxList<UsingDirectiveSyntax> usings, string @namespace)
    {
        int at = usings.IndexOf(u => !IsPlain(u) ? u.GlobalKeyword == default : Compare(u.Name!.ToString(), @namespace) > 0);
        at = at < 0 ? usings.Count : at;
        UsingDirectiveSyntax neighbour = usings[at == usings.Count ? at - 1 : at];
        UsingDirectiveSyntax added = Directive(@namespace).WithTrailingTrivia(SyntaxFactory.LineFeed);
        if (at > 0)
        {
            SyntaxTriviaList indent = SyntaxFactory.TriviaList(neighbour.GetLeadingTrivia().Where(t => t.IsKind(SyntaxKind.WhitespaceTrivia)));
            return usings.Insert(at, added.WithLeadingTrivia(indent));
        }

        // What stands above the first directive belongs to the file.
        SyntaxTriviaList header = neighbour.GetLeadingTrivia();
        return usings.Replace(neighbour, neighbour.WithLeadingTrivia(header.Reverse().TakeWhile(t => t.IsKind(SyntaxKind.WhitespaceTrivia)).Reverse()))
            .Insert(0, added.WithLeadingTrivia(header));
    }

    /// <summary>What stands above the first declaration belongs to the declaration, but for a comment that ends with an empty line.</summary>
    private static CompilationUnitSyntax WithFirst(CompilationUnitSyntax unit, string @namespace)
    {
        SyntaxToken first = unit.GetFirstToken();
        SyntaxTriviaList leading = first.LeadingTrivia;
        int header = HeaderLength(leading);
        UsingDirectiveSyntax directive = Directive(@namespace)
            .WithLeadingTrivia(leading.Take(header))
            .WithTrailingTrivia(SyntaxFactory.LineFeed, SyntaxFactory.LineFeed);
        return unit.ReplaceToken(first, first.WithLeadingTrivia(leading.Skip(header))).AddUsings(directive);
    }

    private static int HeaderLength(SyntaxTriviaList leading)
    {
        int end = 0;
        for (int i = 1; i < leading.Count; i++)
        {
            if (leading[i].IsKind(SyntaxKind.EndOfLineTrivia) && leading[i - 1].IsKind(SyntaxKind.EndOfLineTrivia))
            {
                end = i + 1;
            }
        }

        return end;
    }

    private static UsingDirectiveSyntax Directive(string @namespace) =>
        SyntaxFactory.UsingDirective(SyntaxFactory.ParseName(@namespace)).WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space));

    private static bool IsPlain(UsingDirectiveSyntax directive) => directive is { Alias: null, StaticKeyword.RawKind: 0, GlobalKeyword.RawKind: 0, Name: not null };

    /// <summary>The framework first, then by name.</summary>
    private static int Compare(string left, string right)
    {
        bool isLeftSystem = IsSystem(left);
        return isLeftSystem != IsSystem(right) ? (isLeftSystem ? -1 : 1) : string.CompareOrdinal(left, right);
    }

    private static bool IsSystem(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal);
}
