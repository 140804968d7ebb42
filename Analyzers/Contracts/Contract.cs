// What declarations promise, as data: the clauses on code, the guards of data, what a type is.
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Contracts;

internal enum ClauseKind
{
    Requires,
    Excludes,
    Acquires,
    Releases,
    TryAcquires,
    ReleasesWhen,
    AssertsHeld,
    TestsHeld,
    AcquiresInside,
    Waits,
    Pulses,
}

/// <summary>One promise of code about capabilities.</summary>
/// <param name="Kind">What is promised.</param>
/// <param name="Mode">The mode asked for or given; <see cref="Locks.Mode.Any"/> for a release in whichever mode.</param>
/// <param name="Paths">The capabilities, each for itself.</param>
internal sealed record Clause(ClauseKind Kind, Mode Mode, ImmutableArray<LockPath> Paths)
{
    /// <summary>The parameter that the clause stands on, or -1 for the member itself.</summary>
    public int Parameter { get; init; } = -1;

    /// <summary>The results that a conditional clause speaks about.</summary>
    public ValueSet Result { get; init; }

    /// <summary>The lock whose release ends a token.</summary>
    public LockPath? Until { get; init; }

    public ClauseSource? Source { get; init; }

    /// <summary>Whether it speaks to users of a pool, handle or count, and not to those who make one.</summary>
    public bool IsAboutHandedOut => Paths.Any(p => p.Kind.Transferable);

    /// <summary>Whether the clause says that the call itself changes what is held.</summary>
    public bool ChangesWhatIsHeld => Kind is ClauseKind.Acquires or ClauseKind.Releases or ClauseKind.TryAcquires or ClauseKind.ReleasesWhen;
}

internal enum ProblemKind
{
    /// <summary>LOCK0001.</summary>
    NamesNothing,

    /// <summary>LOCK0002.</summary>
    Contradiction,
}

/// <summary>A mistake in a contract, to be reported where it was written.</summary>
internal sealed record ContractProblem(ProblemKind Kind, ClauseSource Source, int Argument, string Text);

/// <summary>What an unregister method fences, and whether it waits.</summary>
internal sealed record Fence(string What, bool Waits);

/// <summary>What a method, constructor, accessor, operator, local function, lambda or delegate type promises.</summary>
internal sealed record CodeContract
{
    public static readonly CodeContract None = new();

    public ImmutableArray<Clause> Clauses { get; init; } = ImmutableArray<Clause>.Empty;

    public LockPath? Returns { get; init; }

    public bool MayBlock { get; init; }

    /// <summary>Does not block while this is held: a task that has completed.</summary>
    public LockPath? BlocksUnless { get; init; }

    public bool MustNotBlock { get; init; }

    /// <summary>Parameters whose delegate must not block.</summary>
    public ImmutableHashSet<int> NonBlockingDelegates { get; init; } = ImmutableHashSet<int>.Empty;

    /// <summary>The body is not checked.</summary>
    public bool Unchecked { get; init; }

    /// <summary>The body implements the lock that its own contract names, and is trusted.</summary>
    public bool Trusted { get; init; }

    /// <summary>Whether what its body does to block is of no interest to callers: it is a lock, or its own promise not to is checked where it is made.</summary>
    public bool IsTakenAtItsWord => Trusted || MustNotBlock;

    /// <summary>The parameter whose argument is gone after the call, or -1.</summary>
    public int Frees { get; init; } = -1;

    public LockPath? AwaitsGracePeriod { get; init; }

    /// <summary>By parameter: the delegate runs after a grace period of that domain.</summary>
    public ImmutableDictionary<int, LockPath> AfterGracePeriod { get; init; } = ImmutableDictionary<int, LockPath>.Empty;

    public Fence? Fence { get; init; }

    /// <summary>Parameters whose delegate is invoked before the call returns.</summary>
    public ImmutableHashSet<int> InstantHandles { get; init; } = ImmutableHashSet<int>.Empty;

    /// <summary>Parameters whose delegate runs on another thread.</summary>
    public ImmutableHashSet<int> RunElsewhere { get; init; } = ImmutableHashSet<int>.Empty;

    /// <summary>Parameters whose delegate runs on other threads while the call waits.</summary>
    public ImmutableHashSet<int> AwaitedDelegates { get; init; } = ImmutableHashSet<int>.Empty;

    /// <summary>Runs what others have registered, before it returns.</summary>
    public bool RunsCallbacks { get; init; }

    /// <summary>The same, where the receiver was made without options.</summary>
    public bool RunsContinuations { get; init; }

    /// <summary>Parameters that say whether something is acquired, or whose elements may be; what exactly, cannot be told.</summary>
    public ImmutableHashSet<int> MayAcquire { get; init; } = ImmutableHashSet<int>.Empty;

    /// <summary>Returns its receiver, or something that stands for it: a configured awaitable.</summary>
    public bool ReturnsReceiver { get; init; }

    /// <summary>Waits for the task that it is called on.</summary>
    public bool Awaits { get; init; }

    /// <summary>The parameter that is signalled when what the receiver stands for has ended, or -1.</summary>
    public int SignalsEnd { get; init; } = -1;

    /// <summary>Waits for every task that it gets.</summary>
    public bool AwaitsAll { get; init; }

    /// <summary>Makes a task that yields one of those that it gets, which is done.</summary>
    public bool AwaitsAny { get; init; }

    /// <summary>Parameters whose delegate runs when the task is done that it gets.</summary>
    public ImmutableHashSet<int> AfterCompletion { get; init; } = ImmutableHashSet<int>.Empty;

    /// <summary>Takes places by reference only to read or write them at once.</summary>
    public bool Atomic { get; init; }

    public ImmutableArray<ContractProblem> Problems { get; init; } = ImmutableArray<ContractProblem>.Empty;

    /// <summary>Whether anything is said about capabilities, on the member or on a parameter.</summary>
    public bool HasClauses => !Clauses.IsEmpty;

    /// <summary>Whether anything is said that matters to a caller's flow.</summary>
    public bool SaysAnything => MayBlock || SaysMore;

    /// <summary>Whether nothing is said but that it may block, which matters only under a lock.</summary>
    public bool OnlyBlocks => MayBlock && !SaysMore;

    private bool SaysMore =>
        HasClauses || Returns is not null || Frees >= 0 || AwaitsGracePeriod is not null || !AfterGracePeriod.IsEmpty || Fence is not null || MustNotBlock
        || !NonBlockingDelegates.IsEmpty || !MayAcquire.IsEmpty;
}

/// <summary>Any one of these for a read; for a write all of those that have an exclusive mode.</summary>
internal sealed record Guard(ImmutableArray<LockPath> AnyOf);

/// <summary>What a field, property or event promises.</summary>
internal sealed record DataContract
{
    public static readonly DataContract None = new();

    public ImmutableArray<Guard> Guards { get; init; } = ImmutableArray<Guard>.Empty;

    public ImmutableArray<Guard> Contents { get; init; } = ImmutableArray<Guard>.Empty;

    public LockPath? GracePeriod { get; init; }

    public bool Unguarded { get; init; }

    public ImmutableArray<(LockPath Path, ClauseSource Source)> Before { get; init; } = ImmutableArray<(LockPath, ClauseSource)>.Empty;

    public ImmutableArray<(LockPath Path, ClauseSource Source)> After { get; init; } = ImmutableArray<(LockPath, ClauseSource)>.Empty;

    public ImmutableArray<ContractProblem> Problems { get; init; } = ImmutableArray<ContractProblem>.Empty;

    public bool IsGuarded => !Guards.IsEmpty || !Contents.IsEmpty || GracePeriod is not null;
}

/// <summary>What a type is.</summary>
internal sealed record TypeContract
{
    public static readonly TypeContract None = new();

    /// <summary>Its objects are capabilities of this kind.</summary>
    public LockKind? Capability { get; init; }

    /// <summary>Its objects are guards.</summary>
    public bool IsScoped { get; init; }

    /// <summary>Its methods keep nothing of what they get.</summary>
    public bool Borrows { get; init; }

    public ImmutableArray<LockMember> Phantoms { get; init; } = ImmutableArray<LockMember>.Empty;

    public string? LockClass { get; init; }

    public bool Nests { get; init; }

    public bool Unchecked { get; init; }

    public ImmutableArray<ContractProblem> Problems { get; init; } = ImmutableArray<ContractProblem>.Empty;
}
