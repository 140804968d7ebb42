// What a call in source does to locks, by its contract, with the locks named as the source names them.
using System.Collections.Generic;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <param name="Call">The call.</param>
/// <param name="Method">What is called.</param>
/// <param name="Clause">The clause of its contract.</param>
/// <param name="Path">The lock in terms of the method.</param>
/// <param name="Lock">The lock in terms of the caller, without <c>this</c>.</param>
internal sealed record CallEffect(InvocationExpressionSyntax Call, IMethodSymbol Method, Clause Clause, LockPath Path, string Lock)
{
    public bool IsAcquire => Clause.Kind is ClauseKind.Acquires or ClauseKind.TryAcquires;

    public bool IsRelease => Clause.Kind == ClauseKind.Releases;

    /// <summary>The effects of a call, or of an awaited one.</summary>
    public static IEnumerable<CallEffect> Of(Finding finding, SyntaxNode? node)
    {
        InvocationExpressionSyntax? call = node switch
        {
            ExpressionStatementSyntax statement => Invocation(statement.Expression),
            ExpressionSyntax expression => Invocation(expression),
            _ => null,
        };
        if (call is null || finding.Model.GetSymbolInfo(call, finding.Cancellation).Symbol is not IMethodSymbol method)
        {
            yield break;
        }

        foreach (Clause clause in finding.Contracts.Code(method, (call.Expression as MemberAccessExpressionSyntax) is { } access ? finding.Model.GetTypeInfo(access.Expression).Type : null).Clauses)
        {
            foreach (LockPath path in clause.Paths.Where(_ => clause.ChangesWhatIsHeld && clause.Parameter < 0))
            {
                if (Name(call, method, path) is { } name)
                {
                    yield return new CallEffect(call, method, clause, path, name);
                }
            }
        }
    }

    /// <summary>The statement that gives up what this call acquired.</summary>
    public string? ReleaseText(Finding finding)
    {
        foreach (IMethodSymbol other in Method.ContainingType.GetMembers().OfType<IMethodSymbol>().Where(m => m.IsStatic == Method.IsStatic && finding.Model.IsAccessible(Call.SpanStart, m)))
        {
            bool releases = finding.Contracts.Code(other).Clauses.Any(c => c.Kind == ClauseKind.Releases && c.Parameter < 0 && c.Mode is var mode && (mode == Mode.Any || mode == Clause.Mode) && c.Paths.Any(p => Path.Equals(p)));
            int needed = Path.Root == PathRoot.Parameter ? 1 : 0;
            if (releases && other.Parameters.Count(p => !p.IsOptional) == needed && (needed == 0 || Path.Ordinal == 0) && other.MethodKind == MethodKind.Ordinary)
            {
                string argument = needed == 0 ? "" : Call.ArgumentList.Arguments[0].Expression.ToString();
                string target = Call.Expression is MemberAccessExpressionSyntax access ? access.Expression + "." : "";
                return $"{target}{other.Name}({argument});";
            }
        }

        return null;
    }

    private static InvocationExpressionSyntax? Invocation(ExpressionSyntax expression) => expression switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Expression: InvocationExpressionSyntax inner } } => inner,
        InvocationExpressionSyntax call => call,
        AwaitExpressionSyntax awaiting => Invocation(awaiting.Expression),
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } } discard => Invocation(discard.Right),
        ParenthesizedExpressionSyntax inside => Invocation(inside.Expression),
        _ => null,
    };

    private static string? Name(InvocationExpressionSyntax call, IMethodSymbol method, LockPath path)
    {
        string? root = path.Root switch
        {
            PathRoot.This when method.IsStatic => null,
            PathRoot.This => call.Expression is MemberAccessExpressionSyntax access ? access.Expression.ToString() : "this",
            PathRoot.Parameter => Argument(call, method, path.Ordinal)?.ToString(),
            PathRoot.Static => path.Members[0].Container.Name,
            _ => null,
        };
        if (root is null)
        {
            return null;
        }

        string name = string.Join(".", path.Members.Select(m => m.Name).Prepend(root));
        return name.StartsWith("this.", System.StringComparison.Ordinal) ? name.Substring(5) : name;
    }

    private static ExpressionSyntax? Argument(InvocationExpressionSyntax call, IMethodSymbol method, int ordinal) =>
        call.ArgumentList.Arguments.FirstOrDefault(a => a.NameColon?.Name.Identifier.ValueText == method.Parameters[ordinal].Name)?.Expression
        ?? call.ArgumentList.Arguments.Where(a => a.NameColon is null).ElementAtOrDefault(ordinal)?.Expression;
}
