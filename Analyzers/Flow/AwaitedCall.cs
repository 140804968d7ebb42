// A call in syntax, with the await around it.
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Flow;

internal static class AwaitedCall
{
    /// <summary>The expression that has the value of a call, or what its task yields where that is awaited on the spot.</summary>
    public static SyntaxNode WholeOf(SyntaxNode call)
    {
        SyntaxNode value = call;
        while (value.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax
            || value.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" }
            || (value.Parent is InvocationExpressionSyntax configured && configured.Expression == value))
        {
            value = value.Parent;
        }

        return value;
    }
}
