// Which fields can need a lock that nobody has written down.
using System;
using System.Linq;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Locks;

/// <summary>
/// Shared and changeable: not volatile, not of one thread, not a lock itself, not immutable, not a collection that locks for itself.
/// </summary>
internal static class GuardableFields
{
    /// <summary>Whether reading and writing the field itself may need a lock.</summary>
    public static bool Includes(LockMember member, ContractReader reader) =>
        member.Storage is { IsReadOnly: false, IsConst: false } field && IsShared(field, member, reader) && !IsImmutable(field.Type);

    /// <summary>Whether using what the field refers to may need one: arrays, and the framework's plain collections, and what is locked itself.</summary>
    public static bool IncludesContents(LockMember member, ContractReader reader) =>
        member.Storage is { } field && IsShared(field, member, reader) && (IsPlainCollection(field.Type) || (reader.IsLockedItself(member) && CanBeItsOwnLock(field.Type, reader)));

    /// <summary>Whether an object may need a lock whenever it is used, and be that lock: one that has more to it, and does not lock for itself.</summary>
    private static bool CanBeItsOwnLock(ITypeSymbol type, ContractReader reader) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Interface or TypeKind.Error, SpecialType: SpecialType.None } named
        && !Namespace(type).StartsWith("System.Threading", StringComparison.Ordinal)
        && !Namespace(type).StartsWith("System.Collections", StringComparison.Ordinal)
        && !LockUsers.Include(named.OriginalDefinition, reader);

    /// <summary>Whether it is one of the framework's plain collections, whatever becomes of what it refers to.</summary>
    public static bool IsCollection(ISymbol field) => TypeOf(field) is { TypeKind: not TypeKind.Array } type && IsPlainCollection(type);

    /// <summary>Whether it keeps a key that it is given twice once.</summary>
    public static bool IsSet(ISymbol field) => TypeOf(field) is { } type && (type.Name == "ISet" || type.AllInterfaces.Any(i => i.Name == "ISet"));

    /// <summary>Whether it says in what state something is.</summary>
    public static bool IsFlag(ISymbol field) => TypeOf(field) is { SpecialType: SpecialType.System_Boolean } or { TypeKind: TypeKind.Enum };

    public static ITypeSymbol TypeOf(ISymbol field) => field is IPropertySymbol property ? property.Type : ((IFieldSymbol)field).Type;

    private static bool IsShared(IFieldSymbol field, LockMember member, ContractReader reader) =>
        !field.IsVolatile
        && (!field.IsImplicitlyDeclared || field.AssociatedSymbol is IPropertySymbol)
        && SymbolEqualityComparer.Default.Equals(field.ContainingAssembly, reader.Compilation.Assembly)
        && field.ContainingType.TypeKind == TypeKind.Class
        && reader.KindOf(field.Type) is null or { IsMonitor: true }
        && reader.Data(member.Symbol!) is { Unguarded: false, IsGuarded: false }
        && !field.GetAttributes().Any(a => a.AttributeClass?.Name == "ThreadStaticAttribute")
        && field.Type.Name is not ("ThreadLocal" or "AsyncLocal");

    private static bool IsImmutable(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Delegate || Namespace(type).StartsWith("System.Collections.Immutable", StringComparison.Ordinal)
        || Namespace(type).StartsWith("System.Collections.Frozen", StringComparison.Ordinal);

    /// <summary>Whether a type is an array or one of the framework's plain collections: what they keep only whoever has them gets.</summary>
    public static bool IsPlainCollection(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Array
        || Namespace(type) is "System.Collections" or "System.Collections.Generic" or "System.Collections.Specialized"
        || (type.Name == "StringBuilder" && Namespace(type) == "System.Text");

    private static string Namespace(ITypeSymbol type) => type.ContainingNamespace?.ToDisplayString() ?? "";
}
