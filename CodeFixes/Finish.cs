// The last touch of a change: names shortened, new text laid out, line ends as the file has them.
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

internal static class Finish
{
    /// <summary>Finishes what is annotated for it in every document that was changed.</summary>
    public static async Task<Solution> DoAsync(Solution before, Solution changed, CancellationToken cancellation)
    {
        Solution finished = changed;
        foreach (DocumentId id in changed.GetChanges(before).GetProjectChanges().SelectMany(p => p.GetChangedDocuments()).ToList())
        {
            Document document = finished.GetDocument(id)!;
            document = await Simplifier.ReduceAsync(document, Simplifier.Annotation, cancellationToken: cancellation).ConfigureAwait(false);
            document = await Formatter.FormatAsync(document, Formatter.Annotation, cancellationToken: cancellation).ConfigureAwait(false);
            SourceText old = await before.GetDocument(id)!.GetTextAsync(cancellation).ConfigureAwait(false);
            SourceText now = await document.GetTextAsync(cancellation).ConfigureAwait(false);
            finished = document.WithText(WithLineEndsOf(old, now)).Project.Solution;
        }

        return finished;
    }

    /// <summary>The formatter ends lines as the machine or the options want; a file keeps to what it has, unless it is mixed.</summary>
    private static SourceText WithLineEndsOf(SourceText old, SourceText now)
    {
        string[] ends = old.Lines.Select(l => End(old, l)).Where(e => e.Length > 0).Distinct().ToArray();
        return ends.Length != 1
            ? now
            : now.WithChanges(now.Lines.Where(l => End(now, l) is { Length: > 0 } end && end != ends[0]).Select(l => new TextChange(EndSpan(l), ends[0])));
    }

    private static string End(SourceText text, TextLine line) => text.ToString(EndSpan(line));

    private static TextSpan EndSpan(TextLine line) => TextSpan.FromBounds(line.End, line.EndIncludingLineBreak);
}
