// A finding in the document that it is about, with what fixes ask about it.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Formatting;

namespace Locking.CodeFixes;

internal sealed class Finding
{
    private static readonly ConditionalWeakTable<Compilation, ContractReader> s_contracts = new();

    private Finding(Document document, Diagnostic diagnostic, SyntaxNode root, SemanticModel model, CancellationToken cancellation)
    {
        Document = document;
        Diagnostic = diagnostic;
        Root = root;
        Model = model;
        Cancellation = cancellation;
        Node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
    }

    public Document Document { get; }

    public Diagnostic Diagnostic { get; }

    public SyntaxNode Root { get; }

    public SemanticModel Model { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>The innermost node at the place of the finding.</summary>
    public SyntaxNode Node { get; }

    public Solution Solution => Document.Project.Solution;

    public static async Task<Finding> CreateAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        SemanticModel model = (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!;
        return new Finding(document, diagnostic, root, model, cancellation);
    }

    /// <summary>What the rule says about the finding; null where it says nothing.</summary>
    public string? Data(string key) => Diagnostic.Properties.TryGetValue(key, out string? value) ? value : null;

    /// <summary>The contracts of the compilation, as the analyzer reads them.</summary>
    public ContractReader Contracts => s_contracts.GetValue(Model.Compilation, compilation => new ContractReader(compilation, ContractLines()));

    /// <summary>The member that the rule says the finding is about.</summary>
    public ISymbol? Member() => Data(FindingData.MemberKey) is { } id ? DocumentationCommentId.GetFirstSymbolForDeclarationId(id, Model.Compilation) : null;

    /// <summary>The only declaration of a symbol, with its document; null where it is not source of this solution, or in several parts.</summary>
    public (Document Document, T Node)? DeclarationOf<T>(ISymbol? symbol)
        where T : SyntaxNode =>
        symbol is { DeclaringSyntaxReferences: { Length: 1 } references }
        && references[0].GetSyntax(Cancellation).FirstAncestorOrSelf<T>() is { } node
        && Solution.GetDocument(node.SyntaxTree) is { } document
            ? (document, node)
            : null;

    /// <summary>The same finding after a node around it was replaced and laid out; null where there is no replacement.</summary>
    /// <param name="around">Around the node of the finding.</param>
    /// <param name="replace">Makes the replacement of the node, keeping what is inside.</param>
    public async Task<Finding?> ReplaceAsync(SyntaxNode around, Func<SyntaxNode, SyntaxNode?> replace)
    {
        var mark = new SyntaxAnnotation();
        SyntaxNode marked = Root.ReplaceNode(Node, Node.WithAdditionalAnnotations(mark));
        SyntaxNode old = marked.FindNode(around.Span, getInnermostNodeForTie: true).AncestorsAndSelf().First(n => n.Span == around.Span && n.RawKind == around.RawKind);
        if (replace(old) is not { } replacement)
        {
            return null;
        }

        Document changed = Document.WithSyntaxRoot(marked.ReplaceNode(old, replacement.WithAdditionalAnnotations(Formatter.Annotation)));
        changed = await Formatter.FormatAsync(changed, Formatter.Annotation, cancellationToken: Cancellation).ConfigureAwait(false);
        SyntaxNode root = (await changed.GetSyntaxRootAsync(Cancellation).ConfigureAwait(false))!;
        Place place = new(changed.Id, root.GetAnnotatedNodes(mark).First().Span);
        Diagnostic moved = await (OpenFinding.From(Diagnostic, Solution) with { Place = place }).InAsync(changed.Project.Solution, Cancellation).ConfigureAwait(false);
        return await CreateAsync(changed, moved, Cancellation).ConfigureAwait(false);
    }

    private IEnumerable<ContractLine> ContractLines() =>
        Document.Project.AnalyzerOptions.AdditionalFiles
            .Where(ContractFile.Is)
            .SelectMany(f => f.GetText(Cancellation) is { } text ? ContractFile.Read(f.Path, text) : ImmutableArray<ContractLine>.Empty);
}
