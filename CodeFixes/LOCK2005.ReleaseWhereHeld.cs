// A lock that is acquired on some ways only is released on the same ways, or acquired on all.
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

/// <summary>
/// For an acquire under an <c>if</c>, and for one that is the first thing in a <c>try</c>: where it is cancelled there is nothing to release.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReleaseWhereHeld))]
public sealed class ReleaseWhereHeld() : LockingCodeFix("LOCK2005")
{
    private static readonly string[] s_names = ["isHeld", "isLockHeld", "wasAcquired"];

    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (finding.Data(FindingData.LockKey) is not { } name
            || finding.Node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { } acquire
            || !CallEffect.Of(finding, acquire).Any(e => e.IsAcquire && e.Lock == name))
        {
            return;
        }

        if (acquire.Parent is BlockSyntax { Parent: TryStatementSyntax { Parent: BlockSyntax } around } block && block.Statements[0] == acquire)
        {
            await offers.AddAsync($"Acquire '{name}' before the try", "AcquireBefore", WithText(finding, Before(around, acquire))).ConfigureAwait(false);
        }

        IfStatementSyntax? test = acquire.Parent as IfStatementSyntax ?? acquire.Parent?.Parent as IfStatementSyntax;
        if (test is not { Else: null, Parent: BlockSyntax or SwitchSectionSyntax } || !test.Statement.Span.Contains(acquire.Span))
        {
            return;
        }

        if (Correlate(finding, test) is { } edits)
        {
            await offers.AddAsync($"Release '{name}' only where it was acquired", nameof(ReleaseWhereHeld), WithText(finding, edits)).ConfigureAwait(false);
        }

        if (test.Statement == acquire || test.Statement is BlockSyntax { Statements.Count: 1 })
        {
            SyntaxNode root = finding.Root.ReplaceNode(test, acquire.WithLeadingTrivia(test.GetLeadingTrivia()).WithTrailingTrivia(test.GetTrailingTrivia()));
            await offers.AddAsync($"Acquire '{name}' on every way", "AcquireAlways", root).ConfigureAwait(false);
        }
    }

    private static Solution WithText(Finding finding, IEnumerable<TextChange> edits) =>
        finding.Document.WithText(finding.Root.SyntaxTree.GetText(finding.Cancellation).WithChanges(edits.OrderBy(e => e.Span.Start))).Project.Solution;

    private static IEnumerable<TextChange> Before(TryStatementSyntax around, StatementSyntax acquire) =>
        [Lines.InsertBefore(around, acquire.ToString()), Lines.Remove(acquire)];

    /// <summary>Puts every release under the condition of the acquire, or under a variable that keeps it where it can change meanwhile.</summary>
    private static IReadOnlyList<TextChange>? Correlate(Finding finding, IfStatementSyntax test)
    {
        bool isStable = IsStable(finding, test.Condition);
        string? condition = isStable ? test.Condition.ToString() : s_names.FirstOrDefault(n => !finding.Model.LookupSymbols(test.SpanStart, name: n).Any());
        TextChange[] releases = condition is null ? [] : TestTheTry.Releases(finding, condition);
        bool isAll = releases.Length > 0 && releases.Length == finding.Diagnostic.AdditionalLocations.Count && releases.All(r => test.Parent!.Span.Contains(r.Span));
        if (!isAll)
        {
            return null;
        }

        return isStable ? releases : [.. releases, Lines.InsertBefore(test, $"bool {condition} = {test.Condition};"), new TextChange(test.Condition.Span, condition!)];
    }

    /// <summary>One variable that nobody writes, as it is, negated or compared with a constant: what the analyzer follows.</summary>
    private static bool IsStable(Finding finding, ExpressionSyntax condition) => condition switch
    {
        IdentifierNameSyntax name => IsUnwritten(finding, name),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression, Operand: var operand } => IsStable(finding, operand),
        BinaryExpressionSyntax { Left: IdentifierNameSyntax name, Right: var value } => IsUnwritten(finding, name) && finding.Model.GetConstantValue(value, finding.Cancellation).HasValue,
        _ => false,
    };

    private static bool IsUnwritten(Finding finding, IdentifierNameSyntax name)
    {
        StatementSyntax test = name.FirstAncestorOrSelf<IfStatementSyntax>()!;
        return finding.Model.GetSymbolInfo(name, finding.Cancellation).Symbol switch
        {
            IFieldSymbol { IsReadOnly: true } or IFieldSymbol { IsConst: true } => true,
            (ILocalSymbol { IsRef: false } or IParameterSymbol { RefKind: RefKind.None }) and var variable =>
                finding.Model.AnalyzeDataFlow(test, HeldRegion.After(test).LastOrDefault() ?? test) is { Succeeded: true } flow && !flow.WrittenInside.Contains(variable!) && !flow.Captured.Contains(variable!),
            _ => false,
        };
    }
}
