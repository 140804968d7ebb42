// A finding of a fix-all that waits for its turn: its places move with the changes that are made before it.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

internal sealed record OpenFinding(Diagnostic Diagnostic, string Path, Place Place, ImmutableArray<Place> Others)
{
    public static OpenFinding From(Diagnostic diagnostic, Solution solution) => new(
        diagnostic,
        diagnostic.Location.GetLineSpan().Path,
        Place.Of(diagnostic.Location, solution)!,
        diagnostic.AdditionalLocations.Select(l => Place.Of(l, solution)).OfType<Place>().ToImmutableArray());

    /// <summary>The finding as it is to be found in a later solution.</summary>
    public async Task<Diagnostic> InAsync(Solution solution, CancellationToken cancellation)
    {
        var others = new List<Location>();
        foreach (Place other in Others)
        {
            others.Add(await other.InAsync(solution, cancellation).ConfigureAwait(false));
        }

        DiagnosticDescriptor descriptor = Diagnostic.Descriptor;
        return Diagnostic.Create(
            Diagnostic.Id, descriptor.Category, Diagnostic.GetMessage(CultureInfo.InvariantCulture), Diagnostic.Severity, Diagnostic.DefaultSeverity, descriptor.IsEnabledByDefault,
            Diagnostic.WarningLevel, descriptor.Title, descriptor.Description, descriptor.HelpLinkUri,
            await Place.InAsync(solution, cancellation).ConfigureAwait(false), others, descriptor.CustomTags, Diagnostic.Properties);
    }

    /// <summary>The findings with their places moved by what changed between two solutions.</summary>
    public static async Task<ImmutableArray<OpenFinding>> MoveAsync(ImmutableArray<OpenFinding> findings, Solution before, Solution after, CancellationToken cancellation)
    {
        foreach (DocumentId id in after.GetChanges(before).GetProjectChanges().SelectMany(p => p.GetChangedDocuments()).ToList())
        {
            IEnumerable<TextChange> edits = await after.GetDocument(id)!.GetTextChangesAsync(before.GetDocument(id)!, cancellation).ConfigureAwait(false);
            ImmutableArray<TextChange> made = edits.ToImmutableArray();
            findings = findings.Select(f => f with { Place = f.Place.After(id, made), Others = f.Others.Select(o => o.After(id, made)).ToImmutableArray() }).ToImmutableArray();
        }

        return findings;
    }
}

/// <summary>A span of a document.</summary>
internal sealed record Place(DocumentId Document, TextSpan Span)
{
    public static Place? Of(Location location, Solution solution) =>
        location.SourceTree is { } tree && solution.GetDocument(tree) is { } document ? new Place(document.Id, location.SourceSpan) : null;

    public async Task<Location> InAsync(Solution solution, CancellationToken cancellation) =>
        Location.Create((await solution.GetDocument(Document)!.GetSyntaxTreeAsync(cancellation).ConfigureAwait(false))!, Span);

    /// <summary>What is inserted right before the span pushes it on; what is inserted right behind it is not part of it.</summary>
    public Place After(DocumentId changed, ImmutableArray<TextChange> edits)
    {
        if (changed != Document)
        {
            return this;
        }

        int start = Span.Start + edits.Where(e => e.Span.End <= Span.Start).Sum(Growth);
        int end = Span.End + edits.Where(e => e.Span.End <= Span.End && e.Span.Start < Span.End).Sum(Growth);
        return this with { Span = TextSpan.FromBounds(start, end < start ? start : end) };
    }

    private static int Growth(TextChange edit) => edit.NewText!.Length - edit.Span.Length;
}
