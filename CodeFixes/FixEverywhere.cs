// Fix-all: the same fix, finding after finding, each on the outcome of those before.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Locking.CodeFixes;

/// <summary>
/// The batch fixer makes all changes apart from each other and merges their texts. Ours meet: two accesses of one statement want one lock,
/// several findings one attribute. Each is made on what the former ones left, and not at all where they fixed it too.
/// </summary>
internal sealed class FixEverywhere : FixAllProvider
{
    public static readonly FixEverywhere Instance = new();

    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
    {
        ImmutableArray<OpenFinding> findings = await FindAsync(context).ConfigureAwait(false);
        return findings.IsEmpty
            ? null
            : CodeAction.Create("Fix all", cancellation => FixAsync(context, findings, cancellation), context.CodeActionEquivalenceKey);
    }

    private static async Task<ImmutableArray<OpenFinding>> FindAsync(FixAllContext context)
    {
        var found = new List<Diagnostic>();
        if (context.Scope == FixAllScope.Document)
        {
            found.AddRange(await context.GetDocumentDiagnosticsAsync(context.Document!).ConfigureAwait(false));
        }
        else
        {
            foreach (Project project in context.Scope == FixAllScope.Project ? [context.Project] : context.Solution.Projects)
            {
                found.AddRange(await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false));
            }
        }

        // A file that is compiled for several frameworks is found once for each of them.
        return found
            .Where(d => d.Location.SourceTree is { } tree && context.Solution.GetDocument(tree) is not null)
            .GroupBy(d => (d.Id, d.Location.GetLineSpan().Path, d.Location.SourceSpan))
            .Select(same => OpenFinding.From(same.First(), context.Solution))
            .OrderBy(f => f.Path, System.StringComparer.Ordinal).ThenBy(f => f.Place.Span.Start)
            .ToImmutableArray();
    }

    private static async Task<Solution> FixAsync(FixAllContext context, ImmutableArray<OpenFinding> findings, CancellationToken cancellation)
    {
        var fix = (LockingCodeFix)context.CodeFixProvider;
        Solution solution = context.Solution;
        for (int i = 0; i < findings.Length; i++)
        {
            Document document = solution.GetDocument(findings[i].Place.Document)!;
            Diagnostic diagnostic = await findings[i].InAsync(solution, cancellation).ConfigureAwait(false);
            ImmutableArray<Offer> offers = await fix.OffersAsync(document, diagnostic, cancellation).ConfigureAwait(false);
            if (offers.FirstOrDefault(o => o.Key == context.CodeActionEquivalenceKey) is { } offer)
            {
                findings = await OpenFinding.MoveAsync(findings, solution, offer.Changed, cancellation).ConfigureAwait(false);
                solution = offer.Changed;
            }
        }

        return await WithLinksAsync(context.Solution, solution, cancellation).ConfigureAwait(false);
    }

    /// <summary>Gives the new text of a file to all documents that stand for it.</summary>
    private static async Task<Solution> WithLinksAsync(Solution before, Solution after, CancellationToken cancellation)
    {
        Solution linked = after;
        foreach (DocumentId id in after.GetChanges(before).GetProjectChanges().SelectMany(p => p.GetChangedDocuments()).ToList())
        {
            Document document = after.GetDocument(id)!;
            foreach (DocumentId other in document.GetLinkedDocumentIds())
            {
                linked = linked.WithDocumentText(other, await document.GetTextAsync(cancellation).ConfigureAwait(false));
            }
        }

        return linked;
    }
}
