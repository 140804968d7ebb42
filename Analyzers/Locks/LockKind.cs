// What kind of capability a lock object is, with the properties that rules ask about.
namespace Locking.Analyzers.Locks;

/// <summary>The kinds of contracts.md, in its order, so that attribute values convert by number.</summary>
internal enum CapabilityKind
{
    Lock,
    Reference,
    ReadSection,
    Token,
    Role,
}

/// <summary>One row set of the catalogue: what all locks of one type have in common.</summary>
internal sealed record LockKind(string Word)
{
    /// <summary>The lock that every object has: what the lock statement takes on anything that is no capability itself.</summary>
    public static readonly LockKind Monitor = new("monitor") { IsMonitor = true, Reentrant = true };

    /// <summary>What a call hands out and wants back, whatever type it has: a rented array, a handle.</summary>
    /// <param name="collected">See <see cref="Collected"/>.</param>
    public static LockKind HandedOut(CapabilityKind capability, bool collected) =>
        new("reference") { Capability = capability, ThreadAffine = false, Transferable = true, Collected = collected };

    public CapabilityKind Capability { get; init; }

    /// <summary>Acquiring again is counted; otherwise it deadlocks or throws.</summary>
    public bool Reentrant { get; init; }

    /// <summary>Must be released by the thread that acquired it.</summary>
    public bool ThreadAffine { get; init; } = true;

    /// <summary>A semaphore: a lock only where its count is known to be one.</summary>
    public bool Counting { get; init; }

    /// <summary>
    /// A semaphore that no member declares, one of many that the type makes: whoever finds it may release it, and only what its own method releases on
    /// another way can be forgotten there.
    /// </summary>
    public bool IsUndeclared { get; init; }

    /// <summary>A semaphore that starts empty: no lock, but a signal that one waits for.</summary>
    public bool IsSignal { get; init; }

    /// <summary>Waits by spinning: its holder must not block.</summary>
    public bool Spins { get; init; }

    /// <summary>A value that must stay where it is: copying it makes another lock.</summary>
    public bool Inline { get; init; }

    /// <summary>Re-entrant only when constructed so.</summary>
    public bool RecursionByPolicy { get; init; }

    /// <summary>Locking its monitor is not locking it: it must not be used as a plain object.</summary>
    public bool HidesMonitor { get; init; }

    public bool IsMonitor { get; init; }

    /// <summary>
    /// No contract says whose it is: whoever gets it may give it back, or hand it on. What came from elsewhere may be given back, and only what
    /// stays in the method that took it can be forgotten there.
    /// </summary>
    public bool Transferable { get; init; }

    /// <summary>Giving it back only saves work: what is forgotten everywhere is the collector's.</summary>
    public bool Collected { get; init; }

    /// <summary>Counts and sections nest without limit, and nobody deadlocks on himself by taking one more.</summary>
    public bool Nests => Reentrant || Capability is CapabilityKind.Reference or CapabilityKind.ReadSection or CapabilityKind.Role or CapabilityKind.Token;

    /// <summary>Whether it can be held alone; where not, any hold is enough for a write.</summary>
    public bool HasExclusiveMode => Capability is CapabilityKind.Lock or CapabilityKind.Token or CapabilityKind.Role;

    /// <summary>Whether forgetting to give it up is a mistake of the method that took it.</summary>
    public bool MustBeReleased => Capability is CapabilityKind.Lock or CapabilityKind.Reference or CapabilityKind.ReadSection;
}
