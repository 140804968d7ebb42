// What kinds of thing a thread can hold.

namespace Locking;

/// <summary>What kind of thing a capability is: how it is held, and whether several threads can hold it at once.</summary>
public enum CapabilityKind
{
    /// <summary>Held exclusively, shared or upgradeable; re-entrant only if said so.</summary>
    Lock,

    /// <summary>A count: n acquires need n releases, and holding one is enough.</summary>
    Reference,

    /// <summary>A read-side section (RCU, SRCU): shared only, nests, has no exclusive mode.</summary>
    ReadSection,

    /// <summary>Taken by a successful check, and lost when the lock it hangs on is released.</summary>
    Token,

    /// <summary>Never acquired by code: asserted, or given by an entry point (a UI thread, a single consumer).</summary>
    Role,
}
