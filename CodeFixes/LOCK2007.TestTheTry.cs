// What is done under a lock that was only tried for is done where the attempt succeeded.
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

/// <summary>Two forms: the whole region under an <c>if</c> where the result was thrown away; the release under an <c>if</c> where it was kept.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TestTheTry))]
public sealed class TestTheTry() : LockingCodeFix("LOCK2007")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        SyntaxNode at = finding.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() ?? finding.Node;
        CallEffect? attempt = CallEffect.Of(finding, at).FirstOrDefault(e => e.IsAcquire && e.Lock == finding.Data(FindingData.LockKey));
        Document? changed = attempt is null || HeldRegion.Find(finding, attempt) is not { } region ? null : Region(finding, attempt, region);
        if (changed is not null)
        {
            await offers.AddAsync($"Go on only where '{attempt!.Lock}' was acquired", nameof(TestTheTry), changed.Project.Solution).ConfigureAwait(false);
        }

        if (Flag(at) is { } flag && Releases(finding, flag) is { Length: > 0 } edits)
        {
            Document tested = finding.Document.WithText(finding.Root.SyntaxTree.GetText(finding.Cancellation).WithChanges(edits));
            await offers.AddAsync($"Release only where '{flag}' says so", "TestBeforeRelease", tested.Project.Solution).ConfigureAwait(false);
        }
    }

    private static Document? Region(Finding finding, CallEffect attempt, HeldRegion region)
    {
        if (region.Acquire is null || region.Hoist(finding) is not { Before.Count: 0 } || Condition(region.Acquire) is not { } condition)
        {
            return null;
        }

        // What the method returns in the end it returns in any case.
        IReadOnlyList<StatementSyntax> held = region.Release is null && region.Statements[region.Statements.Count - 1] is ReturnStatementSyntax
            ? region.Statements.Take(region.Statements.Count - 1).ToArray()
            : region.Statements;
        string? release = region.Release?.ToString() ?? attempt.ReleaseText(finding);
        if (held.Count == 0 || release is null)
        {
            return null;
        }

        List<TextChange> edits = [.. region.Inner.Select(Lines.Remove)];
        edits.AddRange(new[] { region.Release, region.Acquire is ExpressionStatementSyntax ? region.Acquire : null }.OfType<StatementSyntax>().Select(Lines.Remove));
        var holding = new Holding([$"if ({condition})", "{", "\ttry"], ["\tfinally", "\t{", "\t\t" + release, "\t}", "}"], release, attempt.Path.Kind) { Depth = 1 };
        return Lines.Enclose(new Region(finding.Document, held[0], held[held.Count - 1], [], edits), holding);
    }

    private static string? Condition(StatementSyntax acquire) => acquire switch
    {
        ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" }, Right: var right } } => right.ToString(),
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax or AwaitExpressionSyntax } call => call.Expression.ToString(),
        LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } variables } => variables[0].Identifier.Text,
        _ => null,
    };

    /// <summary>The variable that knows whether the attempt succeeded.</summary>
    private static string? Flag(SyntaxNode attempt)
    {
        SyntaxNode value = attempt.Parent is AwaitExpressionSyntax awaiting ? awaiting : attempt;
        return value.Parent switch
        {
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable } => variable.Identifier.Text,
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: not "_" and var name } } => name,
            _ when attempt is InvocationExpressionSyntax call => call.ArgumentList.Arguments.Where(a => !a.RefKindKeyword.Span.IsEmpty).Select(a => (a.Expression as IdentifierNameSyntax)?.Identifier.Text).LastOrDefault(),
            _ => null,
        };
    }

    /// <summary>The releases that the finding speaks of, each under a condition; not those that are under it already.</summary>
    internal static TextChange[] Releases(Finding finding, string flag) => finding.Diagnostic.AdditionalLocations
        .Where(l => l.SourceTree == finding.Root.SyntaxTree)
        .Select(l => finding.Root.FindNode(l.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<ExpressionStatementSyntax>())
        .OfType<ExpressionStatementSyntax>()
        .Where(s => s.Parent is BlockSyntax && !s.Ancestors().OfType<IfStatementSyntax>().Any(i => i.Condition.ToString() == flag))
        .Select(s => Lines.Enclosed(s, $"if ({flag})"))
        .ToArray();
}
