// A wait that is made once if its condition is not met is made while it is not met.
using System.Threading.Tasks;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <summary>Only where the wait is all that is done under the condition: what else there is may not be meant to be repeated.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WaitInALoop))]
public sealed class WaitInALoop() : LockingCodeFix("LOCK2009")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        StatementSyntax? wait = finding.Node.FirstAncestorOrSelf<ExpressionStatementSyntax>();
        SyntaxNode? body = wait?.Parent is BlockSyntax { Statements.Count: 1 } block ? block : wait;
        if (finding.Data(FindingData.CaseKey) != "loop" || body?.Parent is not IfStatementSyntax { Else: null } test || test.Statement != body)
        {
            return;
        }

        SyntaxToken keyword = SyntaxFactory.Token(SyntaxKind.WhileKeyword).WithTriviaFrom(test.IfKeyword);
        WhileStatementSyntax loop = SyntaxFactory.WhileStatement(test.AttributeLists, keyword, test.OpenParenToken, test.Condition, test.CloseParenToken, test.Statement);
        await offers.AddAsync("Wait in a loop that tests the condition again", nameof(WaitInALoop), finding.Root.ReplaceNode(test, loop)).ConfigureAwait(false);
    }
}
