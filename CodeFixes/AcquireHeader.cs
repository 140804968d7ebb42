// The part of a statement that acquires one lock and does nothing else.
using System.Linq;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

/// <param name="Statement">A lock or using statement, a using declaration, or a call.</param>
/// <param name="Span">From its start to where its block begins.</param>
/// <param name="Lock">As it is written.</param>
/// <param name="IsPlain">It depends on nothing that could change: names of readonly fields, parameters and locals.</param>
internal sealed record AcquireHeader(StatementSyntax Statement, TextSpan Span, string Lock, bool IsPlain)
{
    /// <summary>The acquire that a finding is reported at.</summary>
    public static AcquireHeader? At(Finding finding) => Of(finding, finding.Node.FirstAncestorOrSelf<StatementSyntax>());

    /// <summary>Whether it acquires the lock that a rule speaks of, which leaves <c>this</c> out.</summary>
    public bool Is(string? name) => Lock == name || Lock == "this." + name;

    /// <summary>The acquire right before this one, with nothing between.</summary>
    public AcquireHeader? Before(Finding finding) => Statement.Parent switch
    {
        LockStatementSyntax or UsingStatementSyntax => Of(finding, (StatementSyntax)Statement.Parent),
        BlockSyntax block when block.Statements[0] != Statement => Of(finding, block.Statements[block.Statements.IndexOf(Statement) - 1], isList: true),
        BlockSyntax { Statements.Count: 1, Parent: LockStatementSyntax or UsingStatementSyntax } block => Of(finding, (StatementSyntax)block.Parent!),
        _ => null,
    };

    private static AcquireHeader? Of(Finding finding, StatementSyntax? statement, bool isList = false) => statement switch
    {
        LockStatementSyntax locked when !isList => new(locked, TextSpan.FromBounds(locked.SpanStart, locked.CloseParenToken.Span.End), locked.Expression.ToString(), AreNames(finding, locked.Expression)),
        UsingStatementSyntax held when !isList => Call(finding, held, TextSpan.FromBounds(held.SpanStart, held.CloseParenToken.Span.End), (SyntaxNode?)held.Expression ?? held.Declaration),
        LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } held => Call(finding, held, held.Span, held.Declaration),
        ExpressionStatementSyntax call => Call(finding, call, call.Span, call.Expression),
        _ => null,
    };

    private static AcquireHeader? Call(Finding finding, StatementSyntax statement, TextSpan span, SyntaxNode? part)
    {
        SyntaxNode? value = part is VariableDeclarationSyntax { Variables.Count: 1 } declaration ? declaration.Variables[0].Initializer?.Value : part;
        CallEffect? acquire = CallEffect.Of(finding, value).FirstOrDefault(e => e.Clause.Kind == ClauseKind.Acquires);
        return acquire is null ? null : new(statement, span, acquire.Lock, acquire.Call.ChildNodes().All(n => AreNames(finding, n)));
    }

    private static bool AreNames(Finding finding, SyntaxNode part) => part.DescendantNodesAndSelf().All(n => n switch
    {
        IdentifierNameSyntax { Parent: NameColonSyntax } => true,
        SimpleNameSyntax => finding.Model.GetSymbolInfo(n, finding.Cancellation).Symbol is IFieldSymbol { IsReadOnly: true } or IFieldSymbol { IsConst: true } or ILocalSymbol or IParameterSymbol or ITypeSymbol or INamespaceSymbol or IMethodSymbol,
        MemberAccessExpressionSyntax or ThisExpressionSyntax or BaseExpressionSyntax or TypeOfExpressionSyntax or TypeSyntax or LiteralExpressionSyntax => true,
        ArgumentListSyntax or ArgumentSyntax or NameColonSyntax => true,
        _ => false,
    });
}
