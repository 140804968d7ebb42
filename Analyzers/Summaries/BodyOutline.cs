// A body as it looks from outside, before anything is built for it.
using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Summaries;

/// <summary>What a body contains.</summary>
[Flags]
internal enum BodyTraits
{
    None,

    /// <summary>It uses something that has a contract: locks, guarded data, whatever else a contract names.</summary>
    Contracts = 1,

    /// <summary>It uses something whose contents are guarded.</summary>
    Contents = 2,

    /// <summary>It uses a field of a type that locks, and so may lead its callers to a lock.</summary>
    Fields = 4,

    /// <summary>It may block.</summary>
    Blocks = 8,

    /// <summary>Its last statement throws, and none before it returns.</summary>
    OnlyThrows = 16,

    /// <summary>It invokes a delegate, perhaps one that its caller passes, which then runs with what the caller holds; or has another thread invoke that.</summary>
    Invokes = 32,

    /// <summary>It stores something that stands for work on another thread: a task, a thread, a timer.</summary>
    KeepsWork = 64,

    /// <summary>It takes what is handed out, or gives it back: a matter of this body alone, whatever it calls meanwhile.</summary>
    HandsOut = 128,

    /// <summary>It returns an object of this compilation that it makes on the spot.</summary>
    ReturnsNew = 256,
}

/// <param name="Callees">Methods of this compilation that it calls or turns into delegates, each once, in order of appearance.</param>
/// <param name="Converted">Those that it turns into delegates.</param>
/// <param name="Used">Fields that it uses and that may be guarded although nobody wrote it down.</param>
/// <param name="Written">Fields of <c>this</c> and static ones that lead to other objects and are assigned.</param>
/// <param name="Kept">What it puts into delegates that others invoke.</param>
/// <param name="Invoked">Events and other delegates that an object keeps, which it may invoke.</param>
/// <param name="EndsIn">The method of this compilation that its last statement calls, and without which it does not return.</param>
internal sealed record BodyOutline(
    BodyTraits Traits,
    ImmutableArray<IMethodSymbol> Callees,
    ImmutableArray<IMethodSymbol> Converted,
    ImmutableArray<ISymbol> Used,
    ImmutableArray<IFieldSymbol> Written,
    ImmutableArray<KeptDelegate> Kept,
    ImmutableArray<ISymbol> Invoked,
    IMethodSymbol? EndsIn)
{
    /// <summary>Whether the body itself may hold something, or starts what others wait for.</summary>
    public bool MayHold => (Traits & (BodyTraits.Contracts | BodyTraits.KeepsWork | BodyTraits.HandsOut)) != 0;

    /// <summary>Whether it may hold something for which it matters what its callees do.</summary>
    public bool MayHoldOverCalls => (Traits & (BodyTraits.Contracts | BodyTraits.KeepsWork)) != 0;

    /// <summary>Whether what the body does may matter to a caller that holds something.</summary>
    public bool MattersUnderLock => (Traits & (BodyTraits.Contracts | BodyTraits.Fields | BodyTraits.Blocks | BodyTraits.Invokes)) != 0;
}

/// <summary>A function that is there to be invoked later: subscribed to an event, assigned to a member, passed to a parameter that ends up in one.</summary>
/// <param name="In">The event, field, property or parameter.</param>
/// <param name="Function">A method, or another parameter.</param>
internal sealed record KeptDelegate(ISymbol In, ISymbol Function);
