// Where the source locks something, told from the syntax alone: read once for each file, and kept as long as the file is.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Locks;

internal sealed class LockStatements
{
    private static readonly ConditionalWeakTable<SyntaxTree, LockStatements> s_files = new();

    /// <summary>The lock statements and the attributes that lock a method's object. Expressions are not searched, but for the bodies of lambdas in them nobody locks in one.</summary>
    private readonly ImmutableArray<SyntaxNode> _nodes;

    private LockStatements(SyntaxTree file) =>
        _nodes = file.GetRoot().DescendantNodes(static n => n is not ExpressionSyntax).Where(static n => n is LockStatementSyntax || SynchronizedMethods.IsWritten(n)).ToImmutableArray();

    /// <summary>Whether a type locks anything.</summary>
    public static bool AreIn(INamedTypeSymbol type) => In(type).Any();

    /// <summary>The names of what is locked anywhere in the program: <c>lock (_lines)</c>, <c>lock (order.Lines)</c>.</summary>
    public static ImmutableHashSet<string> Names(Compilation compilation) => compilation.SyntaxTrees
        .SelectMany(t => Of(t)._nodes)
        .OfType<LockStatementSyntax>()
        .Select(l => (l.Expression is MemberAccessExpressionSyntax access ? access.Name : l.Expression as SimpleNameSyntax)?.Identifier.ValueText)
        .OfType<string>()
        .ToImmutableHashSet();

    private static LockStatements Of(SyntaxTree file) => s_files.GetValue(file, static f => new LockStatements(f));

    private static IEnumerable<SyntaxNode> In(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.SelectMany(r => Of(r.SyntaxTree)._nodes.Where(n => r.Span.Contains(n.Span)));
}
