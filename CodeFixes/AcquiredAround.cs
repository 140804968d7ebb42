// The acquire that a place is held by, with the releases that end its region.
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <param name="Acquire">The acquire.</param>
/// <param name="Releases">All releases of the region; none where a guard does it.</param>
internal sealed record AcquiredAround(CallEffect Acquire, IReadOnlyList<CallEffect> Releases)
{
    /// <summary>The last acquire that stands before the place, or around it, in its function; null where its region is not to be told for sure.</summary>
    public static AcquiredAround? Find(Finding finding, string path)
    {
        SyntaxNode inner = finding.Node;
        foreach (SyntaxNode around in finding.Node.Ancestors().TakeWhile(a => a is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax and not GlobalStatementSyntax)))
        {
            if (around is UsingStatementSyntax held && Effect(finding, held.Expression ?? Value(held.Declaration), path, acquires: true) is { } guard)
            {
                return new AcquiredAround(guard, []);
            }

            StatementSyntax[] list = List(around).ToArray();
            StatementSyntax? at = list.FirstOrDefault(s => s.Span.Contains(inner.Span));
            StatementSyntax? acquire = list.TakeWhile(s => s != at).LastOrDefault(s => Effect(finding, Acquiring(s), path, acquires: true) is not null);
            if (at is not null && acquire is not null)
            {
                return Of(finding, Effect(finding, Acquiring(acquire), path, acquires: true)!, acquire, list.SkipWhile(s => s != acquire).Skip(1).ToArray(), at);
            }

            inner = around;
        }

        return null;
    }

    private static AcquiredAround? Of(Finding finding, CallEffect acquire, StatementSyntax statement, StatementSyntax[] behind, StatementSyntax at)
    {
        if (statement is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 })
        {
            return new AcquiredAround(acquire, []);
        }

        int end = System.Array.FindIndex(behind, s => IsEnd(finding, s, acquire));
        IEnumerable<SyntaxNode> region = end >= 0 ? behind.Take(end + 1) : FinallyAround(finding, statement, acquire);
        CallEffect[] effects = region.SelectMany(s => s.DescendantNodesAndSelf(n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
            .OfType<InvocationExpressionSyntax>()
            .SelectMany(c => CallEffect.Of(finding, c))
            .Where(e => e.Lock == acquire.Lock)
            .ToArray();
        bool isWhole = effects.Length > 0 && effects.All(e => e.IsRelease) && (end < 0 || System.Array.IndexOf(behind, at) <= end);
        return isWhole ? new AcquiredAround(acquire, effects) : null;
    }

    /// <summary>Whether the lock is released on every way behind a statement.</summary>
    private static bool IsEnd(Finding finding, StatementSyntax statement, CallEffect acquire) => statement switch
    {
        TryStatementSyntax { Finally.Block: var last } => last.Statements.Any(s => IsEnd(finding, s, acquire)),
        _ => Effect(finding, statement, acquire.Lock, acquires: false) is not null,
    };

    /// <summary>An acquire inside the try whose finally releases it: the whole statement is the region.</summary>
    private static IEnumerable<SyntaxNode> FinallyAround(Finding finding, StatementSyntax statement, CallEffect acquire) =>
        statement.Parent is BlockSyntax { Parent: TryStatementSyntax { Finally: { } last } around } block && IsEnd(finding, around, acquire)
            ? around.ChildNodes().Where(n => n is CatchClauseSyntax || n == last).Concat(block.Statements.SkipWhile(s => s != statement).Skip(1))
            : [];

    private static CallEffect? Effect(Finding finding, SyntaxNode? node, string path, bool acquires) =>
        CallEffect.Of(finding, node).FirstOrDefault(e => e.Lock == path && (acquires ? e.IsAcquire : e.IsRelease));

    private static SyntaxNode? Acquiring(StatementSyntax statement) => statement switch
    {
        LocalDeclarationStatementSyntax local => Value(local.Declaration),
        IfStatementSyntax { Condition: PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression, Operand: var call }, Else: null } test when HeldRegion.Leaves(test.Statement) => call,
        _ => statement,
    };

    private static ExpressionSyntax? Value(VariableDeclarationSyntax? declaration) => declaration is { Variables.Count: 1 } ? declaration.Variables[0].Initializer?.Value : null;

    private static IEnumerable<StatementSyntax> List(SyntaxNode around) => around switch
    {
        BlockSyntax block => block.Statements,
        SwitchSectionSyntax section => section.Statements,
        CompilationUnitSyntax unit => unit.Members.OfType<GlobalStatementSyntax>().Select(g => g.Statement),
        _ => [],
    };
}
