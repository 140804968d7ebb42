// Swaps two locks that are acquired one right after the other.
using System.Linq;
using System.Threading.Tasks;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

/// <summary>
/// Only where nothing happens between the two acquires, and naming the inner lock needs not the outer one: names of readonly fields, parameters
/// and locals. Of a cycle without a declared order the first place in the source sets the order, so that fix-all does not turn all of them.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AcquireInOrder))]
public sealed class AcquireInOrder() : LockingCodeFix("LOCK3001", "LOCK3002")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (AcquireHeader.At(finding) is not { IsPlain: true } inner || !inner.Is(finding.Data(FindingData.LockKey)) || inner.Before(finding) is not { IsPlain: true } outer || IsFirstOfCycle(finding, outer))
        {
            return;
        }

        SourceText text = finding.Root.SyntaxTree.GetText(finding.Cancellation);
        Document changed = finding.Document.WithText(text.WithChanges(new TextChange(outer.Span, text.ToString(inner.Span)), new TextChange(inner.Span, text.ToString(outer.Span))));
        await offers.AddAsync($"Acquire '{inner.Lock}' first", nameof(AcquireInOrder), changed.Project.Solution).ConfigureAwait(false);
    }

    /// <summary>Whether all other places of the cycle come later in the source; the outer acquire is the finding's own.</summary>
    private static bool IsFirstOfCycle(Finding finding, AcquireHeader outer)
    {
        Location own = finding.Diagnostic.Location;
        return finding.Diagnostic.Id == "LOCK3001"
            && finding.Diagnostic.AdditionalLocations.All(l => IsBefore(own, l) || (l.SourceTree == finding.Root.SyntaxTree && outer.Span.IntersectsWith(l.SourceSpan)));
    }

    private static bool IsBefore(Location left, Location right)
    {
        int files = string.CompareOrdinal(left.GetLineSpan().Path, right.GetLineSpan().Path);
        return files < 0 || (files == 0 && left.SourceSpan.Start < right.SourceSpan.Start);
    }
}
