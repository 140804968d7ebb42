// The statements over which a lock that was acquired by a call is meant to be held.
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

/// <param name="Acquire">The statement that acquires; null where it is a condition and stays.</param>
/// <param name="Statements">What is done under the lock.</param>
/// <param name="Release">The last statement of the same list that releases; null where there is none.</param>
/// <param name="Inner">Releases inside, each right before the function is left.</param>
internal sealed record HeldRegion(StatementSyntax? Acquire, IReadOnlyList<StatementSyntax> Statements, StatementSyntax? Release, IReadOnlyList<StatementSyntax> Inner)
{
    /// <summary>The region behind an acquire; null where releases lie so that no region has them at its end.</summary>
    public static HeldRegion? Find(Finding finding, CallEffect acquire)
    {
        StatementSyntax? statement = acquire.Call.FirstAncestorOrSelf<StatementSyntax>();
        (StatementSyntax? taken, StatementSyntax[]? rest) = statement switch
        {
            ExpressionStatementSyntax or LocalDeclarationStatementSyntax => (statement, After(statement)),
            IfStatementSyntax { Condition: var condition, Statement: BlockSyntax body } when IsCall(condition, acquire) => (null, body.Statements.ToArray()),
            IfStatementSyntax { Condition: PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression, Operand: var condition }, Else: null } test
                when IsCall(condition, acquire) && Leaves(test.Statement) => (null, After(test)),
            _ => default((StatementSyntax?, StatementSyntax[]?)),
        };
        if (rest is null)
        {
            return null;
        }

        int last = System.Array.FindLastIndex(rest, s => Releases(finding, s, acquire));
        StatementSyntax[] held = last < 0 ? rest : rest.Take(last).ToArray();
        StatementSyntax[] inner = held
            .SelectMany(s => s.DescendantNodesAndSelf(n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
            .OfType<ExpressionStatementSyntax>()
            .Where(s => Releases(finding, s, acquire))
            .ToArray();
        bool isWhole = held.Length > 0 && inner.All(s => s.Parent is BlockSyntax && Leaves(After(s).FirstOrDefault()));
        return isWhole ? new HeldRegion(taken, held, last < 0 ? null : rest[last], inner) : null;
    }

    /// <summary>
    /// Variables that are declared inside and used behind: declared before instead. Null where one of them cannot be.
    /// </summary>
    public (IReadOnlyList<string> Before, IReadOnlyList<TextChange> Edits)? Hoist(Finding finding)
    {
        var before = new List<string>();
        var edits = new List<TextChange>();
        StatementSyntax[] behind = After(Release ?? Statements.Last());
        foreach (LocalDeclarationStatementSyntax declaration in Statements.OfType<LocalDeclarationStatementSyntax>())
        {
            string[] names = declaration.Declaration.Variables.Select(v => v.Identifier.ValueText).ToArray();
            if (!behind.SelectMany(s => s.DescendantNodes()).OfType<IdentifierNameSyntax>().Any(n => names.Contains(n.Identifier.ValueText)))
            {
                continue;
            }

            if (Declarations.Split(finding, declaration) is not { } split)
            {
                return null;
            }

            before.Add(split.Declaration);
            edits.Add(split.Edit);
        }

        return (before, edits);
    }

    /// <summary>The statements that follow one in its list.</summary>
    public static StatementSyntax[] After(StatementSyntax statement) => statement.Parent switch
    {
        BlockSyntax block => block.Statements.SkipWhile(s => s != statement).Skip(1).ToArray(),
        SwitchSectionSyntax section => section.Statements.SkipWhile(s => s != statement).Skip(1).ToArray(),
        _ => [],
    };

    /// <summary>Whether a statement leaves the function.</summary>
    public static bool Leaves(StatementSyntax? statement) => statement switch
    {
        ReturnStatementSyntax or ThrowStatementSyntax => true,
        BlockSyntax block => Leaves(block.Statements.LastOrDefault()),
        _ => false,
    };

    private static bool IsCall(ExpressionSyntax condition, CallEffect acquire) => condition == acquire.Call || (condition is AwaitExpressionSyntax awaiting && awaiting.Expression == acquire.Call);

    private static bool Releases(Finding finding, StatementSyntax statement, CallEffect acquire) =>
        CallEffect.Of(finding, statement).Any(e => e.IsRelease && e.Lock == acquire.Lock);
}
