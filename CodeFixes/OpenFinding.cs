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
            var edit = new Edit(id, await before.GetDocument(id)!.GetTextAsync(cancellation).ConfigureAwait(false), edits.ToImmutableArray());
            findings = findings.Select(f => f with { Place = f.Place.After(edit), Others = f.Others.Select(o => o.After(edit)).ToImmutableArray() }).ToImmutableArray();
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
    public Place After(Edit edit)
    {
        if (edit.Document != Document)
        {
            return this;
        }

        int start = Span.Start + edit.Changes.Where(e => e.Span.End <= Span.Start).Sum(Growth);
        foreach (TextChange around in edit.Changes.Where(c => c.Span.Contains(Span) && !Span.IsEmpty))
        {
            start += Find(edit.Old, around) + around.Span.Start - Span.Start;
            return this with { Span = new TextSpan(start, Span.Length) };
        }

        int end = Span.End + edit.Changes.Where(e => e.Span.End <= Span.End && e.Span.Start < Span.End).Sum(Growth);
        return this with { Span = TextSpan.FromBounds(start, end < start ? start : end) };
    }

    /// <summary>A change says no more than that one text became another: the same words at the same turn are the same place.</summary>
    private int Find(SourceText old, TextChange change)
    {
        string words = old.ToString(Span);
        string before = old.ToString(TextSpan.FromBounds(change.Span.Start, Span.Start));
        int found = -1;
        for (int turn = Count(before, words); turn >= 0 && change.NewText!.IndexOf(words, found + 1, System.StringComparison.Ordinal) is >= 0 and var next; turn--)
        {
            found = next;
        }

        return found < 0 ? 0 : found;
    }

    private static int Count(string text, string words)
    {
        int count = 0;
        for (int at = text.IndexOf(words, System.StringComparison.Ordinal); at >= 0; at = text.IndexOf(words, at + 1, System.StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    private static int Growth(TextChange edit) => edit.NewText!.Length - edit.Span.Length;
}

/// <summary>What happened to a document.</summary>
internal sealed record Edit(DocumentId Document, SourceText Old, ImmutableArray<TextChange> Changes);
