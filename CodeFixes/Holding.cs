// How a lock is held over some statements: the lock statement, a guard, or acquire and release around a try.
using System.Collections.Generic;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <summary>The text before and behind the statements, line by line; the statements go into the last block that the header opens.</summary>
/// <param name="Header">Ends before the opening brace.</param>
/// <param name="Footer">Follows the closing brace.</param>
/// <param name="Mark">What stands around code that is already held so: the locked expression, the guard's, or the release.</param>
internal sealed record Holding(IReadOnlyList<string> Header, IReadOnlyList<string> Footer, string Mark, LockKind Kind)
{
    private const LanguageVersion CSharp13 = (LanguageVersion)1300;

    /// <summary>How many levels deeper than the header's first line its block lies.</summary>
    public int Depth { get; init; }

    /// <summary>Whether it is one statement, which needs no braces around it.</summary>
    public bool IsOneStatement => Header.Count == 1;

    /// <summary>The best form for a lock in a mode; null where the lock has none that needs no more than itself.</summary>
    public static Holding? Find(Finding finding, LockName name, bool exclusively)
    {
        bool hasLockStatement = name.Kind.IsMonitor || (name.Kind.HidesMonitor && finding.Root.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: >= CSharp13 });
        if (hasLockStatement)
        {
            return new Holding([$"lock ({name.Text})"], [], name.Text, name.Kind);
        }

        bool isAsync = IsInAsync(finding);
        IEnumerable<LockMethod> acquires = LockMethod.Of(finding, name).Where(m => m.IsAcquire && m.Satisfies(exclusively) && (!m.IsAwaitable || isAsync));
        LockMethod[] ordered = acquires
            .OrderByDescending(m => m.IsAwaitable)
            .ThenByDescending(m => m.ReturnsGuard)
            .ThenBy(m => m.Mode == Mode.Exclusive != exclusively)
            .ThenBy(m => m.Method.Parameters.Length)
            .ToArray();
        return ordered.Select(m => Form(finding, name, m)).FirstOrDefault(f => f is not null);
    }

    /// <summary>Whether a node is held so already, within its function.</summary>
    public bool IsAround(SyntaxNode node)
    {
        foreach (SyntaxNode around in node.Ancestors().TakeWhile(a => a is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
        {
            bool marks = around switch
            {
                LockStatementSyntax statement => Same(statement.Expression),
                UsingStatementSyntax { Expression: { } expression } => Same(expression),
                TryStatementSyntax { Finally: { } last } => last.Block.Statements.Any(Same),
                _ => false,
            };
            if (marks)
            {
                return true;
            }
        }

        return false;
    }

    private bool Same(SyntaxNode node) => node.ToString() == Mark || node.ToString() == "this." + Mark;

    private static Holding? Form(Finding finding, LockName name, LockMethod acquire)
    {
        string call = $"{(acquire.IsAwaitable ? "await " : "")}{name.Text}.{acquire.Method.Name}()";
        if (acquire.ReturnsGuard)
        {
            return new Holding([$"using ({call})"], [], call, name.Kind);
        }

        string? release = acquire.ReleaseText(finding, name);
        return release is null ? null : new Holding([call + ";", "try"], ["finally", "{", "\t" + release, "}"], release, name.Kind);
    }

    private static bool IsInAsync(Finding finding) => finding.Model.GetEnclosingSymbol(finding.Node.SpanStart, finding.Cancellation) is IMethodSymbol { IsAsync: true };
}
