// Writes contracts: the attribute, where it stands, and the name of the lock in it.
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

internal static class ContractWriter
{
    private const string Namespace = "Locking";

    /// <summary>Whether the project has an attribute, of the library or a copy of its own.</summary>
    public static bool Knows(Compilation compilation, string attribute) => !compilation.GetTypesByMetadataName($"{Namespace}.{attribute}Attribute").IsEmpty;

    /// <summary>The root with a contract at a declaration, in place of the same for readers only; null where it stands there already.</summary>
    /// <param name="model">Of the tree that the declaration lies in.</param>
    /// <param name="declaration">A member, accessor or local function.</param>
    /// <param name="attribute">The contract, without "Attribute".</param>
    /// <param name="arguments">As source text.</param>
    public static SyntaxNode? Add(SemanticModel model, SyntaxNode declaration, string attribute, string arguments, CancellationToken cancellation)
    {
        if (Lists(declaration).SelectMany(l => l.Attributes).Any(a => NameOf(a) == attribute && Same(a.ArgumentList?.Arguments.ToString(), arguments)))
        {
            return null;
        }

        string name = Imports.NameOf(model, declaration.SpanStart, Namespace, attribute + "Attribute", attribute);
        AttributeSyntax[] weaker = Lists(declaration).SelectMany(l => l.Attributes).Where(a => NameOf(a) == attribute + "Shared" && Same(a.ArgumentList?.Arguments.ToString(), arguments)).ToArray();
        SyntaxNode old = declaration.SyntaxTree.GetRoot(cancellation);
        SyntaxNode root = weaker.Length > 0 && declaration is MemberDeclarationSyntax member
            ? Replace(old, member, weaker, [$"{name}({arguments})"])
            : old.ReplaceNode(declaration, With(declaration, $"{name}({arguments})"));
        return Imports.Add(root, model, declaration.SpanStart, Namespace, attribute + "Attribute");
    }

    /// <summary>The root with contracts at many declarations of one tree.</summary>
    public static SyntaxNode AddAll(SemanticModel model, IReadOnlyCollection<(SyntaxNode Node, InferredContract[] Contracts)> declarations, CancellationToken cancellation)
    {
        Dictionary<SyntaxNode, InferredContract[]> contracts = declarations.ToDictionary(d => d.Node, d => d.Contracts);
        SyntaxNode root = model.SyntaxTree.GetRoot(cancellation).ReplaceNodes(contracts.Keys, (old, inner) =>
        {
            bool startsLine = StartsLine(old.GetFirstToken());
            foreach (InferredContract contract in contracts[old])
            {
                string name = Imports.NameOf(model, old.SpanStart, Namespace, contract.Name + "Attribute", contract.Name);
                inner = With(inner, contract.Path is null ? name : $"{name}({Argument(model, old.SpanStart, contract.Path)})", startsLine);
            }

            return inner;
        });
        return declarations.SelectMany(d => d.Contracts.Select(c => (d.Node, c.Name))).GroupBy(c => c.Name).Select(g => g.First())
            .Aggregate(root, (current, c) => Imports.Add(current, model, c.Node.SpanStart, Namespace, c.Name + "Attribute"));
    }

    /// <summary>The node that takes the attributes of a symbol; null where there is none.</summary>
    public static SyntaxNode? DeclarationOf(SyntaxNode syntax) =>
        syntax.AncestorsAndSelf().FirstOrDefault(n => n is AccessorDeclarationSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax and not TypeDeclarationSyntax);

    /// <summary>The name of a lock as the argument of a contract: by <c>nameof</c> where the language allows it.</summary>
    public static string Argument(SemanticModel model, int position, string path)
    {
        string name = path.StartsWith("this.", System.StringComparison.Ordinal) ? path.Substring(5) : path;
        bool isName = SyntaxFacts.IsValidIdentifier(name) && model.LookupSymbols(position, name: name).Any(s => s is IFieldSymbol or IPropertySymbol or IMethodSymbol or IEventSymbol);
        return isName ? $"nameof({name})" : SymbolDisplay.FormatLiteral(path, quote: true);
    }

    public static string NameOf(AttributeSyntax attribute)
    {
        string name = attribute.Name is QualifiedNameSyntax qualified ? qualified.Right.Identifier.ValueText : attribute.Name.ToString();
        return name.EndsWith("Attribute", System.StringComparison.Ordinal) ? name.Substring(0, name.Length - "Attribute".Length) : name;
    }

    public static SyntaxList<AttributeListSyntax> Lists(SyntaxNode declaration) => declaration switch
    {
        MemberDeclarationSyntax member => member.AttributeLists,
        AccessorDeclarationSyntax accessor => accessor.AttributeLists,
        StatementSyntax statement => statement.AttributeLists,
        _ => default,
    };

    private static bool Same(string? written, string arguments) => written == arguments || written == arguments.Replace("nameof(", "\"").Replace(")", "\"");

    /// <summary>The declaration with one more attribute, behind those that it has.</summary>
    /// <param name="declaration">A member, accessor or local function.</param>
    /// <param name="attribute">Its name and arguments.</param>
    /// <param name="startsLine">Whether the declaration starts its line, where its tree does not tell.</param>
    public static SyntaxNode With(SyntaxNode declaration, string attribute, bool? startsLine = null)
    {
        AttributeListSyntax list = Parse(attribute);
        SyntaxList<AttributeListSyntax> lists = Lists(declaration);
        SyntaxToken first = declaration.GetFirstToken();
        bool ownLine = lists.Any() ? EndsLine(lists.Last()) : startsLine ?? StartsLine(first);
        SyntaxTriviaList indent = SyntaxFactory.TriviaList(first.LeadingTrivia.Reverse().TakeWhile(t => t.IsKind(SyntaxKind.WhitespaceTrivia)).Reverse());
        list = list.WithTrailingTrivia(ownLine ? SyntaxFactory.LineFeed : SyntaxFactory.Space);
        if (lists.Any())
        {
            return WithLists(declaration, lists.Add(ownLine ? list.WithLeadingTrivia(indent) : list));
        }

        list = list.WithLeadingTrivia(first.LeadingTrivia);
        return WithLists(declaration.ReplaceToken(first, first.WithLeadingTrivia(ownLine ? indent : default)), lists.Add(list));
    }

    /// <summary>The root with some attributes of a declaration replaced by others: the first takes the place of the first.</summary>
    public static SyntaxNode Replace(SyntaxNode root, MemberDeclarationSyntax declaration, ICollection<AttributeSyntax> old, IReadOnlyList<string> written)
    {
        var lists = new List<AttributeListSyntax>();
        bool isWritten = false;
        foreach (AttributeListSyntax list in declaration.AttributeLists)
        {
            AttributeSyntax[] others = list.Attributes.Where(a => !old.Contains(a)).ToArray();
            if (others.Length < list.Attributes.Count && !isWritten)
            {
                isWritten = true;
                lists.AddRange(written.Select(w => Parse(w).WithTriviaFrom(list)));
            }

            if (others.Length > 0)
            {
                lists.Add(list.WithAttributes(SyntaxFactory.SeparatedList(others)));
            }
        }

        SyntaxTriviaList leading = declaration.GetLeadingTrivia();
        SyntaxTriviaList indent = SyntaxFactory.TriviaList(leading.Reverse().TakeWhile(t => t.IsKind(SyntaxKind.WhitespaceTrivia)).Reverse());
        IEnumerable<AttributeListSyntax> laidOut = lists.Select((l, i) => l.GetLeadingTrivia().Any() ? l.WithLeadingTrivia(i == 0 ? leading : indent) : l);
        return root.ReplaceNode(declaration, declaration.WithAttributeLists(SyntaxFactory.List(laidOut)));
    }

    private static AttributeListSyntax Parse(string attribute) =>
        ((MemberDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration($"[{attribute}] int x;")!).AttributeLists[0].WithoutTrivia();

    private static SyntaxNode WithLists(SyntaxNode declaration, SyntaxList<AttributeListSyntax> lists) => declaration switch
    {
        MemberDeclarationSyntax member => member.WithAttributeLists(lists),
        AccessorDeclarationSyntax accessor => accessor.WithAttributeLists(lists),
        LocalFunctionStatementSyntax function => function.WithAttributeLists(lists),
        _ => declaration,
    };

    private static bool EndsLine(SyntaxNode node) => node.GetTrailingTrivia().Any(t => t.IsKind(SyntaxKind.EndOfLineTrivia));

    private static bool StartsLine(SyntaxToken token) =>
        token.GetPreviousToken() is { RawKind: not 0 } before ? before.TrailingTrivia.Any(t => t.IsKind(SyntaxKind.EndOfLineTrivia)) : true;
}
