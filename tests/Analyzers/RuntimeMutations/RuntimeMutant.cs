// One line of the Runtime that matters for a contract, and what becomes of the file without it.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Locking.Tests.RuntimeMutations;

/// <summary>Nothing moves in the file: what is removed becomes blank, so that findings keep their places.</summary>
/// <param name="Line">The line as it stands, to name it by.</param>
internal sealed partial record RuntimeMutant(SyntaxTree Tree, TextSpan Removed, string Instead, string Line)
{
    public SyntaxTree Apply()
    {
        SourceText text = Tree.GetText();
        string blank = Instead + Visible().Replace(text.ToString(Removed)[Instead.Length..], " ");
        return Tree.WithChangedText(text.WithChanges(new TextChange(Removed, blank)));
    }

    /// <summary>Whether a place lies in the member that the line stands in.</summary>
    public bool IsAround(Location location) =>
        location.SourceTree?.FilePath == Tree.FilePath
        && Tree.GetRoot().FindNode(Removed).FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member && member.FullSpan.Contains(location.SourceSpan);

    /// <summary>All of a program, in the order of its files. Bodies that implement a lock or an assertion are trusted, and have none.</summary>
    public static IEnumerable<RuntimeMutant> Find(Compilation compilation, ContractReader reader) =>
        from tree in compilation.SyntaxTrees.OrderBy(t => t.FilePath, StringComparer.Ordinal)
        let model = compilation.GetSemanticModel(tree)
        from node in tree.GetRoot().DescendantNodes()
        where !IsTrusted(node, model, reader)
        let mutant = Of(node, model, reader)
        where mutant is not null
        select mutant;

    private static RuntimeMutant? Of(SyntaxNode node, SemanticModel model, ContractReader reader) => node switch
    {
        LockStatementSyntax statement => Without(statement, TextSpan.FromBounds(statement.LockKeyword.SpanStart, statement.CloseParenToken.Span.End)),
        UsingStatementSyntax { Expression: { } guard } statement when Acquires(guard, model, reader) =>
            Without(statement, TextSpan.FromBounds(statement.UsingKeyword.SpanStart, statement.CloseParenToken.Span.End)),
        LocalDeclarationStatementSyntax { UsingKeyword.RawKind: (int)SyntaxKind.UsingKeyword, Declaration.Variables: [{ Initializer.Value: { } guard }] } statement
            when Acquires(guard, model, reader) => Without(statement, statement.Span),
        ExpressionStatementSyntax statement when Matters(CallIn(statement.Expression), model, reader) => Without(statement, statement.Expression.Span),
        ArrowExpressionClauseSyntax { Expression: InvocationExpressionSyntax call } body when Matters(call, model, reader) => Nothing(body, call, model),
        SimpleLambdaExpressionSyntax { ExpressionBody: InvocationExpressionSyntax call } body when Matters(call, model, reader) => Nothing(body, call, model),
        InvocationExpressionSyntax { Parent: not (ExpressionStatementSyntax or ArrowExpressionClauseSyntax) } check => Taken(check, model, reader),
        _ => null,
    };

    private static RuntimeMutant Without(SyntaxNode at, TextSpan removed) => new(at.SyntaxTree, removed, "", LineOf(at));

    private static RuntimeMutant? Nothing(SyntaxNode at, InvocationExpressionSyntax call, SemanticModel model)
    {
        const string nothing = "_ = 0";
        bool isVoid = model.GetSymbolInfo(call).Symbol is IMethodSymbol { ReturnsVoid: true };
        return isVoid && call.Span.Length > nothing.Length ? new(at.SyntaxTree, call.Span, nothing, LineOf(at)) : null;
    }

    /// <summary>A check whose answer is taken to be the good one without asking.</summary>
    private static RuntimeMutant? Taken(InvocationExpressionSyntax check, SemanticModel model, ContractReader reader)
    {
        Clause? clause = ContractOf(check, model, reader).Clauses.FirstOrDefault(c => c is { Kind: ClauseKind.TryAcquires, Parameter: < 0 });
        if (clause is null || model.GetTypeInfo(check).Type?.SpecialType != SpecialType.System_Boolean)
        {
            return null;
        }

        string answer = clause.Result.Intersect(ValueSet.NonZero).IsEmpty ? "false" : "true";
        return check.Span.Length > answer.Length ? new(check.SyntaxTree, check.Span, answer, LineOf(check)) : null;
    }

    private static bool Acquires(ExpressionSyntax guard, SemanticModel model, ContractReader reader) =>
        ContractOf(guard, model, reader).Clauses.Any(c => c.Kind is ClauseKind.Acquires or ClauseKind.Releases);

    private static bool Matters(ExpressionSyntax call, SemanticModel model, ContractReader reader)
    {
        CodeContract contract = ContractOf(call, model, reader);
        return contract.AwaitsGracePeriod is not null || contract.Fence is { Waits: true }
            || contract.Clauses.Any(c => c.Parameter < 0 && (c.ChangesWhatIsHeld || c.Kind == ClauseKind.AssertsHeld));
    }

    private static ExpressionSyntax CallIn(ExpressionSyntax expression) => expression is ConditionalAccessExpressionSyntax access ? access.WhenNotNull : expression;

    private static CodeContract ContractOf(ExpressionSyntax expression, SemanticModel model, ContractReader reader) =>
        model.GetSymbolInfo(expression).Symbol is IMethodSymbol method ? reader.Code(method) : CodeContract.None;

    private static bool IsTrusted(SyntaxNode node, SemanticModel model, ContractReader reader) =>
        node is StatementSyntax or InvocationExpressionSyntax or ArrowExpressionClauseSyntax or LambdaExpressionSyntax
        && model.GetEnclosingSymbol(node.SpanStart) is { } symbol
        && Enclosing(symbol).Any(m => reader.Code(m) is { Trusted: true } or { Unchecked: true } || reader.Code(m).Clauses.Any(c => c.Kind == ClauseKind.AssertsHeld));

    private static IEnumerable<IMethodSymbol> Enclosing(ISymbol symbol)
    {
        for (ISymbol? current = symbol; current is not null and not INamedTypeSymbol; current = current.ContainingSymbol)
        {
            if (current is IMethodSymbol method)
            {
                yield return method;
            }
        }
    }

    private static string LineOf(SyntaxNode node)
    {
        SourceText text = node.SyntaxTree.GetText();
        return text.Lines.GetLineFromPosition(node.SpanStart).ToString().Trim();
    }

    [GeneratedRegex(@"[^\r\n]")]
    private static partial Regex Visible();
}
