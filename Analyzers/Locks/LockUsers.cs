// Whether a type locks anything, told from its fields and from its syntax.
using System.Linq;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Locks;

internal static class LockUsers
{
    public static bool Include(INamedTypeSymbol type, ContractReader reader) =>
        type.TypeKind is TypeKind.Class or TypeKind.Struct
        && !type.DeclaringSyntaxReferences.IsEmpty
        && (type.GetMembers().Any(m => m is IFieldSymbol field && IsLock(field, reader)) || LockStatements.AreIn(type));

    /// <summary>Whether a type may lock for whoever has an object of it: it has a lock that it holds beyond a statement, or runs functions that it gets.</summary>
    public static bool IsHelper(INamedTypeSymbol type, ContractReader reader) =>
        Include(type, reader) && (!LockStatements.AreIn(type) || type.GetMembers().Any(m => m is IMethodSymbol { MethodKind: MethodKind.Ordinary } method && method.Parameters.Any(p => p.Type.TypeKind == TypeKind.Delegate)));

    /// <summary>Whether a field is of a type that is a lock, or what looks like an object to be locked.</summary>
    public static bool IsLock(IFieldSymbol field, ContractReader reader) =>
        field.Type.SpecialType == SpecialType.System_Object
            ? field is { DeclaredAccessibility: Accessibility.Private, IsReadOnly: true }
            : reader.KindOf(field.Type) is { IsMonitor: false };
}
