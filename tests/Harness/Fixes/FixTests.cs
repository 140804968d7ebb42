// The base of fix tests: marked source in, the changed source compared exactly, and what every fix has to keep.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Locking.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Locking.Tests.Harness;

/// <summary>
/// Whatever the test is about, the result compiles, the finding is gone, no other finding is new, and the same fix is not offered again.
/// </summary>
/// <param name="id">The rule whose findings are fixed.</param>
/// <param name="fix">The fix.</param>
public abstract class FixTests(string id, LockingCodeFix fix)
{
    /// <summary>Applies the fix to the first finding of the rule.</summary>
    /// <param name="source">With the findings of the rule marked.</param>
    /// <param name="expected">The source afterwards.</param>
    /// <param name="title">Which of the offers to take; the first one otherwise.</param>
    /// <param name="editorConfig">Options for the source.</param>
    /// <param name="withUsings">Whether the namespaces of contracts, threads and so on are imported everywhere.</param>
    /// <param name="turnsInto">The rule that speaks at the same places afterwards.</param>
    protected void VerifyFix(string source, string expected, string? title = null, string editorConfig = "", bool withUsings = true, string? turnsInto = null)
    {
        FixWorkspace workspace = Open(source, editorConfig, withUsings);
        ImmutableArray<Diagnostic> before = workspace.Find(workspace.Solution);
        Diagnostic finding = before.First(d => d.Id == id);
        ImmutableArray<CodeAction> actions = Actions(workspace, finding);
        CodeAction? action = actions.FirstOrDefault(a => title is null || a.Title == title);
        Assert.True(action is not null, $"Not offered: {title ?? "anything"}. Offered: {string.Join("; ", actions.Select(a => a.Title))}");

        Solution after = Apply(action);
        RuleTests.AssertSame(expected, Text(workspace, after));
        AssertImproves(before, workspace.Find(after), turnsInto);
        AssertOnce(workspace, finding, action, after);
    }

    /// <summary>Fix-all for the document, the project and the solution: a second project has the same source.</summary>
    /// <param name="source">With the findings of the rule marked.</param>
    /// <param name="expected">The source afterwards.</param>
    /// <param name="title">Which of the offers to take; the first one otherwise.</param>
    /// <param name="editorConfig">Options for the source.</param>
    /// <param name="withUsings">Whether the namespaces of contracts, threads and so on are imported everywhere.</param>
    /// <param name="turnsInto">The rule that speaks at the same places afterwards.</param>
    /// <param name="finding">At which finding fix-all is asked for.</param>
    protected void VerifyFixAll(string source, string expected, string? title = null, string editorConfig = "", bool withUsings = true, string? turnsInto = null, int finding = 0)
    {
        foreach (FixAllScope scope in new[] { FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution })
        {
            FixWorkspace workspace = Open(source, editorConfig, withUsings);
            ImmutableArray<Diagnostic> before = workspace.Find(workspace.Solution);
            CodeAction one = Actions(workspace, before.Where(d => d.Id == id).ElementAt(finding)).First(a => title is null || a.Title == title);
            Solution after = Apply(workspace.FixAll(fix, id, scope, one.EquivalenceKey!)!);
            RuleTests.AssertSame(expected, Text(workspace, after));
            AssertImproves(before, workspace.Find(after), turnsInto);
            string other = after.GetDocument(workspace.Other)!.GetTextAsync().Result.ToString();
            RuleTests.AssertSame(scope == FixAllScope.Solution ? expected : Markup.Parse(source, id).Text, other);
        }
    }

    /// <summary>Nothing is offered for any finding of the rule, or nothing of that title.</summary>
    protected void VerifyNoFix(string source, string? title = null, string editorConfig = "")
    {
        FixWorkspace workspace = Open(source, editorConfig, withUsings: true);
        foreach (Diagnostic finding in workspace.Find(workspace.Solution).Where(d => d.Id == id))
        {
            Assert.DoesNotContain(Actions(workspace, finding), a => title is null || a.Title == title);
        }
    }

    /// <summary>The titles of what is offered for the first finding, in order.</summary>
    protected IEnumerable<string> Titles(string source)
    {
        FixWorkspace workspace = Open(source, "", withUsings: true);
        return Actions(workspace, workspace.Find(workspace.Solution).First(d => d.Id == id)).Select(a => a.Title);
    }

    private FixWorkspace Open(string source, string editorConfig, bool withUsings)
    {
        Markup code = Markup.Parse(source, id);
        var workspace = new FixWorkspace(code.Text, [("Usings.cs", withUsings ? RuleTests.Usings : "")], editorConfig);
        IEnumerable<(string, TextSpan)> found = workspace.Find(workspace.Solution).Where(d => d.Id == id).Select(d => (d.Id, d.Location.SourceSpan));
        RuleTests.AssertSame(Markup.Render(code.Text, code.Findings), Markup.Render(code.Text, found));
        return workspace;
    }

    private ImmutableArray<CodeAction> Actions(FixWorkspace workspace, Diagnostic finding)
    {
        var actions = ImmutableArray.CreateBuilder<CodeAction>();
        Document document = workspace.Solution.GetDocument(finding.Location.SourceTree)!;
        fix.RegisterCodeFixesAsync(new CodeFixContext(document, finding, (action, _) => actions.Add(action), CancellationToken.None)).GetAwaiter().GetResult();
        return actions.ToImmutable();
    }

    private static Solution Apply(CodeAction action) =>
        action.GetOperationsAsync(CancellationToken.None).GetAwaiter().GetResult().OfType<ApplyChangesOperation>().Single().ChangedSolution;

    private static string Text(FixWorkspace workspace, Solution solution) => solution.GetDocument(workspace.Test)!.GetTextAsync().Result.ToString();

    private void AssertImproves(ImmutableArray<Diagnostic> before, ImmutableArray<Diagnostic> after, string? turnsInto)
    {
        Assert.True(after.Count(d => d.Id == id) <= before.Count(d => d.Id == id) - 1, "The finding is still there:\n" + string.Join("\n", after));
        foreach (IGrouping<string, Diagnostic> group in after.Where(d => d.Severity >= DiagnosticSeverity.Warning).GroupBy(d => d.Id))
        {
            string former = group.Key == turnsInto ? id : group.Key;
            Assert.True(group.Count() <= before.Count(d => d.Id == former), "A finding is new:\n" + string.Join("\n", group));
        }
    }

    /// <summary>The same finding, were it still there, is not fixed twice.</summary>
    private void AssertOnce(FixWorkspace workspace, Diagnostic finding, CodeAction action, Solution after)
    {
        ImmutableArray<OpenFinding> moved =
            OpenFinding.MoveAsync([OpenFinding.From(finding, workspace.Solution)], workspace.Solution, after, CancellationToken.None).GetAwaiter().GetResult();
        Document document = after.GetDocument(moved[0].Place.Document)!;
        Diagnostic again = moved[0].InAsync(after, CancellationToken.None).GetAwaiter().GetResult();
        ImmutableArray<Offer> offers = fix.OffersAsync(document, again, CancellationToken.None).GetAwaiter().GetResult();
        Assert.DoesNotContain(offers, o => o.Key == action.EquivalenceKey);
    }
}
