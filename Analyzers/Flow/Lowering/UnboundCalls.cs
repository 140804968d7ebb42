// Calls that the compiler does not understand for want of a type in their arguments: which method is meant, by its name.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Locking.Analyzers.Flow.Lowering;

/// <summary>
/// A file that is being written, or a project without one of its packages, is looked at as well. The operation of such a call has what it is called on
/// and its arguments as children, and no method.
/// </summary>
internal static class UnboundCalls
{
    /// <summary>The method that a call means, where its name and the number of its arguments leave one; null for anything else.</summary>
    /// <param name="within">The type that the call stands in.</param>
    public static IMethodSymbol? Find(IInvalidOperation operation, INamedTypeSymbol? within)
    {
        if (operation.Syntax is not InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } call || arguments.Any(a => !a.RefOrOutKeyword.IsKind(default)))
        {
            return null;
        }

        IOperation? receiver = Receiver(operation);
        ITypeSymbol? type = receiver is null ? (call.Expression is IdentifierNameSyntax ? within : null) : TypeOf(receiver, within);
        List<IMethodSymbol> found = NameOf(call) is { } name
            ? MembersOf(type, name).Where(m => Takes(m, arguments.Count)).ToList()
            : new List<IMethodSymbol>();
        if (found.Count > 1)
        {
            // Those that may fail say so by what they return.
            bool isAsked = IsAsked(call);
            found = found.Where(m => SaysWhether(m.ReturnType) == isAsked).ToList();
        }

        // The framework writes one limit in several ways.
        bool isOne = found.Count == 1 || (found.Count > 1 && found.All(m => m.DeclaringSyntaxReferences.IsEmpty && SymbolEqualityComparer.Default.Equals(m.ReturnType, found[0].ReturnType)));
        return isOne ? found[0] : null;
    }

    /// <summary>What a call is made on; null where that is the object itself, or nothing.</summary>
    public static IOperation? Receiver(IInvalidOperation operation)
    {
        SyntaxNode? named = operation.Syntax switch
        {
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Expression,
            InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax binding } => binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
            ElementAccessExpressionSyntax access => access.Expression,
            QueryClauseSyntax { Parent.Parent: QueryExpressionSyntax query } => query.FromClause.Expression,
            ExpressionSyntax { Parent: CommonForEachStatementSyntax loop } collection when loop.Expression == collection => collection,
            _ => null,
        };
        IOperation? first = named is null ? null : operation.ChildOperations.FirstOrDefault();
        // A method that is looked for in a missing type stands between.
        first = first is { Kind: OperationKind.None } && first.Syntax == named!.Parent ? first.ChildOperations.FirstOrDefault() : first;
        return first?.Syntax == named ? first : null;
    }

    /// <summary>The type of an expression, that of a call which the compiler does not understand included.</summary>
    public static ITypeSymbol? TypeOf(IOperation value, INamedTypeSymbol? within) =>
        value is IInvalidOperation { Type: null or IErrorTypeSymbol } call ? Find(call, within)?.ReturnType : value.Type;

    private static string? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name } => name.Identifier.ValueText,
        MemberBindingExpressionSyntax { Name: IdentifierNameSyntax name } => name.Identifier.ValueText,
        IdentifierNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };

    private static IEnumerable<IMethodSymbol> MembersOf(ITypeSymbol? type, string name)
    {
        for (; type is not null; type = type.BaseType)
        {
            ImmutableArray<ISymbol> members = type.GetMembers(name);
            if (!members.IsEmpty)
            {
                return members.OfType<IMethodSymbol>().Where(m => m.TypeParameters.IsEmpty);
            }
        }

        return Enumerable.Empty<IMethodSymbol>();
    }

    private static bool Takes(IMethodSymbol method, int arguments) =>
        method.Parameters.Length >= arguments && method.Parameters.Skip(arguments).All(p => p.IsOptional) && method.Parameters.All(p => p.RefKind == RefKind.None);

    private static bool SaysWhether(ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_Boolean || type is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments.Length: 1 } task && task.TypeArguments[0].SpecialType == SpecialType.System_Boolean;

    /// <summary>Whether anybody looks at what a call returns, or at what its task yields.</summary>
    private static bool IsAsked(ExpressionSyntax call) => AwaitedCall.WholeOf(call).Parent is not (ExpressionStatementSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax);
}
