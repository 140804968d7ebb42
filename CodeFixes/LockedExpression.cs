// The expression that names the lock at a place where one is acquired.
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

internal static class LockedExpression
{
    /// <summary>Of a lock statement, of <c>Monitor.Enter(x)</c>, of <c>x.Enter()</c>; the node itself where it is none of these.</summary>
    public static SyntaxNode Of(SyntaxNode node) => node switch
    {
        LockStatementSyntax statement => statement.Expression,
        InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } => arguments[0].Expression,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Expression,
        ArgumentSyntax argument => argument.Expression,
        _ => node,
    };
}
