// Puts the statement around a node under a lock: the text of the statement stays as it is, only deeper.
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

internal static class Enclosure
{
    /// <summary>The document with the statement under the lock; null where there is no statement that could be.</summary>
    public static async Task<Document?> AroundAsync(Finding finding, Holding holding)
    {
        if (holding.IsAround(finding.Node)
            || await StatementBodies.AroundAsync(finding).ConfigureAwait(false) is not { } whole
            || Find(whole) is not { } statement
            || !CanHold(statement, holding))
        {
            return null;
        }

        return statement is LocalDeclarationStatementSyntax declaration
            ? Split(whole, declaration, holding)
            : Lines.Enclose(new Region(whole.Document, statement, statement, [], []), holding);
    }

    /// <summary>The innermost statement; not a loop whose condition it is, for that would hold the lock while waiting for others to change it.</summary>
    private static StatementSyntax? Find(Finding finding)
    {
        StatementSyntax? statement = finding.Node.FirstAncestorOrSelf<StatementSyntax>();
        return statement is null or BlockSyntax or WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or LocalFunctionStatementSyntax ? null : statement;
    }

    private static bool CanHold(StatementSyntax statement, Holding holding)
    {
        IEnumerable<SyntaxNode> own = statement.DescendantNodesAndSelf(n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax));
        return !own.Any(n => n is YieldStatementSyntax || (holding.Kind.ThreadAffine && n is AwaitExpressionSyntax or CommonForEachStatementSyntax { AwaitKeyword.RawKind: not 0 }));
    }

    /// <summary>What a declaration declares is used behind it: only its initialiser goes under the lock.</summary>
    private static Document? Split(Finding finding, LocalDeclarationStatementSyntax declaration, Holding holding) =>
        Declarations.Split(finding, declaration) is { } split
            ? Lines.Enclose(new Region(finding.Document, declaration, declaration, [split.Declaration], [split.Edit]), holding)
            : null;
}
