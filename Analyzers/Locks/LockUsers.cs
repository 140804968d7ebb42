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

    /// <summary>Whether a type has a field of a type that locks, and may lock for whoever has it: by a guard, a function that it runs, or a pair of methods.</summary>
    public static bool HaveOne(INamedTypeSymbol type, ContractReader reader) =>
        type.GetMembers().Any(m => m is IFieldSymbol { Type: INamedTypeSymbol helper } && Include(helper.OriginalDefinition, reader));

    /// <summary>Whether a field is of a type that is a lock, or what looks like an object to be locked.</summary>
    public static bool IsLock(IFieldSymbol field, ContractReader reader) =>
        field.Type.SpecialType == SpecialType.System_Object
            ? field is { DeclaredAccessibility: Accessibility.Private, IsReadOnly: true }
            : reader.KindOf(field.Type) is { IsMonitor: false };
}
