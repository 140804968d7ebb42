// The base of refactoring tests: source with a place marked in, the changed source compared exactly.
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Locking.Tests.Harness;

/// <summary>Whatever the test is about, the result compiles, has no new warning of ours, and is not changed by a second application.</summary>
public abstract class RefactoringTests(CodeRefactoringProvider refactoring)
{
    /// <param name="source">With the place marked, <c>[||]</c>.</param>
    /// <param name="expected">The source afterwards.</param>
    /// <param name="title">Which of the offers to take.</param>
    /// <param name="elsewhere">The source of the second project afterwards; as it was, where it is not given.</param>
    /// <param name="withUsings">Whether the namespaces of contracts, threads and so on are imported everywhere.</param>
    protected void Verify(string source, string expected, string title, string? elsewhere = null, bool withUsings = true)
    {
        Markup code = Markup.Parse(source, "");
        var workspace = new FixWorkspace(code.Text, [("Usings.cs", withUsings ? RuleTests.Usings : "")], "");
        Solution after = Apply(workspace, workspace.Solution, code.Marks[0].Span, title)!;
        RuleTests.AssertSame(expected, Text(after, workspace.Test));
        RuleTests.AssertSame(elsewhere ?? code.Text, Text(after, workspace.Other));

        ImmutableArray<Diagnostic> found = workspace.Find(after);
        Assert.True(found.Count(d => d.Severity >= DiagnosticSeverity.Warning) <= workspace.Find(workspace.Solution).Count(d => d.Severity >= DiagnosticSeverity.Warning), string.Join("\n", found));
        int moved = expected.IndexOf(code.Text.Substring(code.Marks[0].Span.Start).Split('\n')[0], System.StringComparison.Ordinal);
        Solution? again = moved < 0 ? null : Apply(workspace, after, new TextSpan(moved, 0), title);
        RuleTests.AssertSame(expected, Text(again ?? after, workspace.Test));
    }

    /// <summary>Nothing is offered at the place, or nothing of that title.</summary>
    protected void VerifyNone(string source, string? title = null)
    {
        Markup code = Markup.Parse(source, "");
        var workspace = new FixWorkspace(code.Text, [("Usings.cs", RuleTests.Usings)], "");
        Assert.DoesNotContain(Actions(workspace, workspace.Solution, code.Marks[0].Span), a => title is null || a.Title == title);
    }

    private Solution? Apply(FixWorkspace workspace, Solution solution, TextSpan place, string title)
    {
        CodeAction? action = Actions(workspace, solution, place).FirstOrDefault(a => a.Title == title);
        if (solution == workspace.Solution)
        {
            Assert.True(action is not null, $"Not offered: {title}. Offered: {string.Join("; ", Actions(workspace, solution, place).Select(a => a.Title))}");
        }

        return action?.GetOperationsAsync(CancellationToken.None).GetAwaiter().GetResult().OfType<ApplyChangesOperation>().SingleOrDefault()?.ChangedSolution;
    }

    private ImmutableArray<CodeAction> Actions(FixWorkspace workspace, Solution solution, TextSpan place)
    {
        var actions = ImmutableArray.CreateBuilder<CodeAction>();
        var context = new CodeRefactoringContext(solution.GetDocument(workspace.Test)!, place, actions.Add, CancellationToken.None);
        refactoring.ComputeRefactoringsAsync(context).GetAwaiter().GetResult();
        return actions.ToImmutable();
    }

    private static string Text(Solution solution, DocumentId id) => solution.GetDocument(id)!.GetTextAsync().Result.ToString();
}
