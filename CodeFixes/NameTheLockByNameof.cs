// Names a lock in a contract by nameof, so that a rename takes the contract along.
using System.Threading.Tasks;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <summary>For single names: of a path, <c>nameof</c> says the last part only.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(NameTheLockByNameof))]
public sealed class NameTheLockByNameof : CodeRefactoringProvider
{
    /// <inheritdoc/>
    public override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        SyntaxNode root = (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false))!;
        if (root.FindToken(context.Span.Start).Parent is not LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression, Parent: AttributeArgumentSyntax } literal
            || !SyntaxFacts.IsValidIdentifier(literal.Token.ValueText)
            || await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model
            || ContractScope.Of(model, new ContractReader(model.Compilation, []), literal, context.CancellationToken)?.Into(literal.Token.ValueText) is not { IsCapability: true })
        {
            return;
        }

        ExpressionSyntax named = SyntaxFactory.ParseExpression($"nameof({literal.Token.ValueText})").WithTriviaFrom(literal);
        Solution before = context.Document.Project.Solution;
        Solution changed = context.Document.WithSyntaxRoot(root.ReplaceNode(literal, named)).Project.Solution;
        if (await Trial.SucceedsAsync(before, changed, context.CancellationToken).ConfigureAwait(false))
        {
            context.RegisterRefactoring(CodeAction.Create($"Use {named}", _ => Task.FromResult(changed), nameof(NameTheLockByNameof)));
        }
    }
}
