// Gives a member or lambda that is written as an expression a body of statements, so that something can be put around them.
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

internal static class StatementBodies
{
    /// <summary>The same finding where it stands in a statement; null where it stands in none and cannot.</summary>
    public static async Task<Finding?> AroundAsync(Finding finding)
    {
        SyntaxNode? body = finding.Node.AncestorsAndSelf()
            .FirstOrDefault(n => n is StatementSyntax or ArrowExpressionClauseSyntax or MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax { ExpressionBody: not null });
        switch (body)
        {
            case StatementSyntax:
                return finding;
            case ArrowExpressionClauseSyntax { Parent: { } owner } arrow when !HasComments(arrow):
                bool isVoidMember = finding.Model.GetDeclaredSymbol(owner, finding.Cancellation) is IMethodSymbol member && IsVoid(member);
                return await finding.ReplaceAsync(owner, o => WithBlock(o, isVoidMember)).ConfigureAwait(false);
            case LambdaExpressionSyntax { ExpressionBody: { } expression } lambda when !HasComments(expression):
                bool isVoidLambda = finding.Model.GetSymbolInfo(lambda, finding.Cancellation).Symbol is IMethodSymbol function && IsVoid(function);
                return await finding.ReplaceAsync(lambda, l => WithBlock((LambdaExpressionSyntax)l, isVoidLambda)).ConfigureAwait(false);
            default:
                return null;
        }
    }

    private static bool HasComments(SyntaxNode node) =>
        node.DescendantTrivia(node.Span).Any(t => t.IsKind(SyntaxKind.SingleLineCommentTrivia) || t.IsKind(SyntaxKind.MultiLineCommentTrivia) || t.IsDirective);

    private static LambdaExpressionSyntax WithBlock(LambdaExpressionSyntax lambda, bool isVoid) => lambda switch
    {
        SimpleLambdaExpressionSyntax simple => simple.WithExpressionBody(null).WithBlock(Block(lambda.ExpressionBody!, isVoid)),
        ParenthesizedLambdaExpressionSyntax other => other.WithExpressionBody(null).WithBlock(Block(lambda.ExpressionBody!, isVoid)),
        _ => lambda,
    };

    private static SyntaxNode? WithBlock(SyntaxNode owner, bool isVoid)
    {
        BlockSyntax block = Block(owner.ChildNodes().OfType<ArrowExpressionClauseSyntax>().Single().Expression, isVoid);
        SyntaxNode? changed = owner switch
        {
            MethodDeclarationSyntax method => method.WithExpressionBody(null).WithSemicolonToken(default).WithBody(block),
            ConstructorDeclarationSyntax constructor => constructor.WithExpressionBody(null).WithSemicolonToken(default).WithBody(block),
            DestructorDeclarationSyntax destructor => destructor.WithExpressionBody(null).WithSemicolonToken(default).WithBody(block),
            OperatorDeclarationSyntax @operator => @operator.WithExpressionBody(null).WithSemicolonToken(default).WithBody(block),
            ConversionOperatorDeclarationSyntax conversion => conversion.WithExpressionBody(null).WithSemicolonToken(default).WithBody(block),
            LocalFunctionStatementSyntax function => function.WithExpressionBody(null).WithSemicolonToken(default).WithBody(block),
            AccessorDeclarationSyntax accessor => accessor.WithExpressionBody(null).WithSemicolonToken(default).WithBody(block),
            PropertyDeclarationSyntax property => property.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(Getter(block)),
            IndexerDeclarationSyntax indexer => indexer.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(Getter(block)),
            _ => null,
        };
        return changed?.WithTrailingTrivia(owner.GetTrailingTrivia());
    }

    private static AccessorListSyntax Getter(BlockSyntax block) =>
        SyntaxFactory.AccessorList(SyntaxFactory.SingletonList(SyntaxFactory.AccessorDeclaration(SyntaxKind.GetAccessorDeclaration, block)));

    private static BlockSyntax Block(ExpressionSyntax expression, bool isVoid)
    {
        ExpressionSyntax bare = expression.WithoutTrivia();
        return SyntaxFactory.Block(bare switch
        {
            ThrowExpressionSyntax thrown => SyntaxFactory.ThrowStatement(thrown.Expression),
            _ when isVoid => SyntaxFactory.ExpressionStatement(bare),
            _ => SyntaxFactory.ReturnStatement(bare),
        });
    }

    private static bool IsVoid(IMethodSymbol method) => method.ReturnsVoid || (method.IsAsync && method.ReturnType is INamedTypeSymbol { Arity: 0, Name: "Task" or "ValueTask" });
}
