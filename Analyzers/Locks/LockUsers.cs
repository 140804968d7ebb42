// Whether a type locks anything, told from its fields and from its syntax.
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Locks;

internal static class LockUsers
{
    public static bool Include(INamedTypeSymbol type, ContractReader reader) =>
        type.TypeKind is TypeKind.Class or TypeKind.Struct
        && !type.DeclaringSyntaxReferences.IsEmpty
        && (type.GetMembers().Any(m => m is IFieldSymbol field && IsLock(field, reader)) || type.DeclaringSyntaxReferences.Any(r => HasLockStatement(r.GetSyntax())));

    /// <summary>Whether a field is of a type that is a lock, or what looks like an object to be locked.</summary>
    public static bool IsLock(IFieldSymbol field, ContractReader reader) =>
        field.Type.SpecialType == SpecialType.System_Object
            ? field is { DeclaredAccessibility: Accessibility.Private, IsReadOnly: true }
            : reader.KindOf(field.Type) is { IsMonitor: false };

    /// <summary>The names of members that lock statements of a type lock; those in lambdas are not looked for, as below.</summary>
    public static ImmutableHashSet<string> LockedNames(INamedTypeSymbol type) => type.DeclaringSyntaxReferences
        .SelectMany(r => r.GetSyntax().DescendantNodes(static n => n is not ExpressionSyntax))
        .OfType<LockStatementSyntax>()
        .Select(l => l.Expression is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax or SimpleNameSyntax } access ? access.Name : l.Expression as SimpleNameSyntax)
        .Where(n => n is not null)
        .Select(n => n!.Identifier.ValueText)
        .ToImmutableHashSet();

    /// <summary>Expressions are not searched, but for the bodies of lambdas in them nobody locks in one.</summary>
    private static bool HasLockStatement(SyntaxNode type) =>
        type.DescendantNodes(static n => n is not ExpressionSyntax).Any(static n => n is LockStatementSyntax || SynchronizedMethods.IsWritten(n));
}
