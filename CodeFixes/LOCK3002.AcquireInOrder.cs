// Swaps two locks that are acquired one right inside the other.
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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
        LockStatementSyntax? inner = finding.Node.FirstAncestorOrSelf<LockStatementSyntax>();
        if (inner is null || Around(inner) is not { } outer || !IsPlain(finding, inner.Expression) || !IsPlain(finding, outer.Expression) || IsFirstOfCycle(finding))
        {
            return;
        }

        SourceText text = finding.Root.SyntaxTree.GetText(finding.Cancellation).WithChanges(
            new TextChange(outer.Expression.Span, inner.Expression.ToString()),
            new TextChange(inner.Expression.Span, outer.Expression.ToString()));
        await offers.AddAsync($"Acquire '{inner.Expression}' first", nameof(AcquireInOrder), finding.Document.WithText(text).Project.Solution).ConfigureAwait(false);
    }

    /// <summary>The lock statement that holds nothing but the inner one.</summary>
    private static LockStatementSyntax? Around(LockStatementSyntax inner) => inner.Parent switch
    {
        LockStatementSyntax outer => outer,
        BlockSyntax { Statements.Count: 1, Parent: LockStatementSyntax outer } => outer,
        _ => null,
    };

    private static bool IsPlain(Finding finding, ExpressionSyntax expression) => expression switch
    {
        ThisExpressionSyntax or TypeOfExpressionSyntax => true,
        MemberAccessExpressionSyntax access => IsPlain(finding, access.Expression) && IsStable(finding, access),
        IdentifierNameSyntax name => IsStable(finding, name),
        _ => false,
    };

    private static bool IsStable(Finding finding, ExpressionSyntax name) =>
        finding.Model.GetSymbolInfo(name, finding.Cancellation).Symbol is IFieldSymbol { IsReadOnly: true } or ILocalSymbol or IParameterSymbol or ITypeSymbol or INamespaceSymbol;

    /// <summary>Whether all other places of the cycle come later in the source.</summary>
    private static bool IsFirstOfCycle(Finding finding)
    {
        Location own = finding.Diagnostic.Location;
        return finding.Diagnostic.Id == "LOCK3001" && finding.Diagnostic.AdditionalLocations.All(l => IsBefore(own, l) || IsSameNest(finding, l));
    }

    private static bool IsBefore(Location left, Location right)
    {
        int files = string.CompareOrdinal(left.GetLineSpan().Path, right.GetLineSpan().Path);
        return files < 0 || (files == 0 && left.SourceSpan.Start < right.SourceSpan.Start);
    }

    /// <summary>The outer acquire of the finding's own pair.</summary>
    private static bool IsSameNest(Finding finding, Location location) =>
        location.SourceTree == finding.Root.SyntaxTree
        && finding.Node.Ancestors().OfType<LockStatementSyntax>().Any(s => s.Span.Contains(location.SourceSpan) && s.Expression.Span.IntersectsWith(location.SourceSpan));
}
