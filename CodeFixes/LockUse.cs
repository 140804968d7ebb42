// Whether code looks as if it locked something: cheap, and wrong in either direction without harm.
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

internal static class LockUse
{
    public static bool IsIn(SyntaxNode node) => node.DescendantNodes().Any(n =>
        n is LockStatementSyntax
        || (n is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } }
            && (name.StartsWith("Enter", System.StringComparison.Ordinal) || name.StartsWith("Wait", System.StringComparison.Ordinal) || name.StartsWith("Acquire", System.StringComparison.Ordinal))));
}
