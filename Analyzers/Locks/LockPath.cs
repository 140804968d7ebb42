// The canonical name of a lock in terms of a declaration: a root and the members that lead from it to the lock.
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Locks;

internal enum PathRoot
{
    /// <summary>The object that the contract's member belongs to.</summary>
    This,

    /// <summary>A parameter of the contract's member, by position.</summary>
    Parameter,

    /// <summary>What the contract's member returns, or the object that it constructs.</summary>
    Result,

    /// <summary>A static member: the first of <see cref="LockPath.Members"/>.</summary>
    Static,

    /// <summary>Any instance of a lock class.</summary>
    AnyOfClass,

    /// <summary>A parameter of the member that a local function or lambda lies in.</summary>
    Captured,
}

/// <summary>Immutable. Two paths are equal if they name the same lock wherever both are used for the same receiver and arguments.</summary>
internal sealed record LockPath(PathRoot Root, int Ordinal, ImmutableArray<LockMember> Members, LockKind Kind, string Text)
{
    /// <summary>The class, where <see cref="Root"/> is <see cref="PathRoot.AnyOfClass"/>.</summary>
    public string? Class { get; init; }

    /// <summary>The parameter, where <see cref="Root"/> is <see cref="PathRoot.Captured"/>.</summary>
    public IParameterSymbol? Parameter { get; init; }

    /// <summary>Some instance of a lock class.</summary>
    public static LockPath OfClass(string @class) =>
        new(PathRoot.AnyOfClass, 0, ImmutableArray<LockMember>.Empty, LockKind.Monitor, "class:" + @class) { Class = @class };

    public bool Equals(LockPath? other) =>
        other is not null
        && Root == other.Root
        && Ordinal == other.Ordinal
        && Class == other.Class
        && SymbolEqualityComparer.Default.Equals(Parameter, other.Parameter)
        && Kind.IsMonitor == other.Kind.IsMonitor
        && Members.SequenceEqual(other.Members);

    public override int GetHashCode()
    {
        int hash = ((int)Root * 31) + Ordinal;
        foreach (LockMember member in Members)
        {
            hash = (hash * 31) + member.GetHashCode();
        }

        return (hash * 31) + (Class?.GetHashCode() ?? 0);
    }

    public override string ToString() => Text;
}
