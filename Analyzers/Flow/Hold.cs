// One capability that a path holds, and the set of them.
using System;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.Analyzers.Flow;

/// <summary>A lock on a path: the object, and whether it is its monitor that is meant or the capability that the object is.</summary>
internal readonly record struct LockId(Value Value, bool IsMonitor)
{
    /// <summary>The member whose declaration all instances share; null for a lock that no member names.</summary>
    public LockMember? Member => Value.Member;

    /// <summary>What locks have in common that may be one and the same: the member, or that no member names them.</summary>
    public object Family => (object?)Member ?? typeof(Value);
}

internal enum HoldOrigin
{
    /// <summary>Acquired by the body.</summary>
    Acquired,

    /// <summary>Held at entry by contract.</summary>
    Required,

    /// <summary>Held because an assertion said so, or a callee holds it for the time being. The body owes nobody anything for it.</summary>
    Assumed,

    /// <summary>Held at entry because every caller in sight holds it. What goes wrong because of that is told at their calls.</summary>
    Inherited,

    /// <summary>Given up although the body did not acquire it: on behalf of whoever calls it.</summary>
    Owed,
}

/// <summary>Where and how a hold was acquired. One object for each operation and lock: findings about it are told once.</summary>
internal sealed class AcquireSite(Step step, LockId @lock, string? name)
{
    public Step Step { get; } = step;

    public LockId Lock { get; } = @lock;

    public string? Name { get; } = name;

    public Mode Mode { get; init; }

    /// <summary>The acquire is conditional on a result.</summary>
    public bool IsTry { get; set; }

    /// <summary>A guard object acquired it.</summary>
    public bool IsGuard { get; set; }

    /// <summary>It was acquired through a variable that leads to another object in each turn of a loop: no caller could be told which ones are held.</summary>
    public bool IsOneOfMany { get; init; }

    /// <summary>The loop that it is in; 0 for none.</summary>
    public int Loop { get; init; }

    /// <summary>How the lock was spelled.</summary>
    public Expr? Spelling { get; set; }

    /// <summary>Some finding about this acquire was made; a leak of it is the same mistake.</summary>
    public bool IsReported { get; set; }
}

/// <summary>Immutable. Counts are capped at <see cref="MaxDepth"/>: deeper nesting is not told apart.</summary>
internal sealed record Hold(LockId Lock, LockKind Kind, HoldOrigin Origin, int Exclusive, int Upgradeable, int Shared, ImmutableArray<AcquireSite> Sites)
{
    public const int MaxDepth = 4;

    /// <summary>For a token, and for what may be the same lock by another name: the lock with which it is lost.</summary>
    public LockId? Until { get; init; }

    /// <summary>A callee found it to be held on some of its ways, because it asked: those who hold it know, and nothing is told here.</summary>
    public bool IsHearsay { get; init; }

    /// <summary>A test in the body found it to be held.</summary>
    public bool WasAsked { get; init; }

    /// <summary>Held only because a test said so: where the way goes on with either answer, those who hold it know, and nothing is told here.</summary>
    public bool IsByAnswer => WasAsked && Count <= 1;

    /// <summary>Held at entry in whichever mode the caller holds it, so that it may be given up as any.</summary>
    public bool IsInAnyMode { get; init; }

    /// <summary>For one that is owed: the mode in which it was given up.</summary>
    public Mode OwedAs { get; init; }

    /// <summary>For one that is owed: how often it was given up.</summary>
    public int Owed { get; init; }

    /// <summary>Held more often than is counted: whether a later release is one too many cannot be told.</summary>
    public bool IsDeeper { get; init; }

    /// <summary>Held once.</summary>
    public static Hold Of(LockId @lock, LockKind kind, HoldOrigin origin, Mode mode) =>
        new Hold(@lock, kind, origin, 0, 0, 0, ImmutableArray<AcquireSite>.Empty).Add(mode == Mode.Any ? Mode.Exclusive : mode, 1, null);

    public int Count => Exclusive + Upgradeable + Shared;

    /// <summary>That a task has completed is a fact, and nothing that paths have to be told apart by.</summary>
    public bool IsCompletion => Lock.Member is { Symbol: null, Name: ContractCatalog.Completed };

    /// <summary>Held by a flow of control rather than by a thread: a semaphore.</summary>
    public bool CanTravel => Kind is { ThreadAffine: false, Capability: CapabilityKind.Lock } && Origin != HoldOrigin.Owed && !IsCompletion;

    /// <summary>The strongest mode in which it is held.</summary>
    public Mode Mode => Exclusive > 0 ? Mode.Exclusive : Upgradeable > 0 ? Mode.Upgradeable : Shared > 0 ? Mode.Shared : Mode.Any;

    public bool Satisfies(Mode asked) => Origin != HoldOrigin.Owed && (Mode >= asked || !Kind.HasExclusiveMode);

    /// <summary>Whether a release in a mode is meant for what is held.</summary>
    public bool CanBeGivenUpAs(Mode mode) => !Kind.HasExclusiveMode || mode switch
    {
        Mode.Shared => Shared > 0,
        Mode.Upgradeable => Upgradeable > 0,
        Mode.Exclusive => Exclusive > 0,
        _ => true,
    };

    public Hold Add(Mode mode, int count, AcquireSite? site)
    {
        Hold changed = mode switch
        {
            Mode.Shared => this with { Shared = Math.Min(MaxDepth, Math.Max(0, Shared + count)) },
            Mode.Upgradeable => this with { Upgradeable = Math.Min(MaxDepth, Math.Max(0, Upgradeable + count)) },
            _ => this with { Exclusive = Math.Min(MaxDepth, Math.Max(0, Exclusive + count)) },
        };
        changed = changed.Count < Count + count ? changed with { IsDeeper = true } : changed;
        return site is null || Sites.Contains(site) ? changed : changed with { Sites = Sites.Add(site) };
    }

    /// <summary>
    /// Takes one away: the one that the same lock statement acquired, else the last in that mode that the release is meant for by where it stands, else
    /// the last in that mode, else the last.
    /// </summary>
    public Hold Drop(Mode mode, Step? release)
    {
        Hold rest = Add(mode, -1, null);
        if (rest.Count == 0 || Sites.Length <= 1)
        {
            return rest;
        }

        AcquireSite? own = Sites.FirstOrDefault(s => s.Step.Syntax == release?.Syntax)
            ?? Sites.LastOrDefault(s => s.Mode == mode && release is not null && AreMeantForEachOther(s.Step.Syntax, release.Syntax))
            ?? Sites.LastOrDefault(s => s.Mode == mode);
        return rest with { Sites = Sites.Remove(own ?? Sites[Sites.Length - 1]) };
    }

    /// <summary>A finally releases what was acquired before its try; behind a loop nobody releases what each turn of it acquires.</summary>
    private static bool AreMeantForEachOther(SyntaxNode acquire, SyntaxNode release) =>
        (release.FirstAncestorOrSelf<FinallyClauseSyntax>()?.Parent is not { } @try || acquire.Span.End <= @try.SpanStart)
        && (acquire.Ancestors().FirstOrDefault(a => a is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax) is not { } loop || loop.Span.Contains(release.Span));

    /// <summary>Equal for the purposes of the flow: sites do not tell states apart.</summary>
    public bool SameAs(Hold other) =>
        Lock == other.Lock && Origin == other.Origin && Exclusive == other.Exclusive && Upgradeable == other.Upgradeable && Shared == other.Shared && IsDeeper == other.IsDeeper
        && OwedAs == other.OwedAs && Owed == other.Owed;

    public Hold WithSitesOf(Hold other) => Sites == other.Sites ? this : this with { Sites = Sites.Union(other.Sites).ToImmutableArray() };
}
