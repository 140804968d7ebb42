// Delegate parameters that a method of the program invokes and does nothing else with, told from its syntax: who calls it runs them there and then.
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Contracts;

internal static class InvokedParameters
{
    /// <summary>What is asynchronous goes on later, wherever it begins, and a method that others override may be another.</summary>
    public static bool Include(IMethodSymbol method, IParameterSymbol parameter)
    {
        if (method is not { MethodKind: MethodKind.Ordinary, IsAsync: false, IsVirtual: false, IsOverride: false, IsAbstract: false, DeclaringSyntaxReferences: { Length: 1 } references }
            || parameter.Type is not INamedTypeSymbol { DelegateInvokeMethod.ReturnType: { Name: not ("Task" or "ValueTask") } }
            || references[0].GetSyntax() is not MethodDeclarationSyntax declaration)
        {
            return false;
        }

        bool isInvoked = false;
        foreach (SyntaxNode node in ((SyntaxNode?)declaration.Body ?? declaration.ExpressionBody)?.DescendantNodes() ?? Enumerable.Empty<SyntaxNode>())
        {
            if (node is YieldStatementSyntax)
            {
                return false;
            }

            if (node is IdentifierNameSyntax name && name.Identifier.ValueText == parameter.Name && (IsReceiver(name) || name.Parent is not (NameColonSyntax or MemberAccessExpressionSyntax or MemberBindingExpressionSyntax)))
            {
                bool isInvocation = IsInvoked(name);
                isInvoked |= isInvocation;
                if ((!isInvocation && !IsLookedAt(name)) || name.Ancestors().TakeWhile(a => a != declaration).Any(a => a is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
                {
                    return false;
                }
            }
        }

        return isInvoked;
    }

    private static bool IsReceiver(IdentifierNameSyntax name) => name.Parent is MemberAccessExpressionSyntax access && access.Expression == name;

    private static bool IsInvoked(IdentifierNameSyntax name) => name.Parent switch
    {
        InvocationExpressionSyntax call => call.Expression == name,
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Invoke", Parent: InvocationExpressionSyntax } => true,
        ConditionalAccessExpressionSyntax { WhenNotNull: InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax { Name.Identifier.ValueText: "Invoke" } } } => true,
        _ => false,
    };

    /// <summary>Compared, named, or passed to <c>ThrowIfNull</c>.</summary>
    private static bool IsLookedAt(IdentifierNameSyntax name) => name.Parent switch
    {
        BinaryExpressionSyntax test => test.IsKind(SyntaxKind.EqualsExpression) || test.IsKind(SyntaxKind.NotEqualsExpression),
        IsPatternExpressionSyntax => true,
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } => call.Expression.ToString().Split('.').Last() is "nameof" or "ThrowIfNull",
        _ => false,
    };
}
