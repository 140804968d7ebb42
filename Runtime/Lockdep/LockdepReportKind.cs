// The kinds of mistakes that the run-time validator reports.
namespace Locking;

/// <summary>The kinds of mistakes that the validator reports.</summary>
public enum LockdepReportKind
{
    /// <summary>A class is acquired while the same class is held, with nothing that orders the two.</summary>
    RecursiveLocking,

    /// <summary>An acquisition closes a cycle of the dependency graph.</summary>
    CircularDependency,

    /// <summary>An acquisition or a wait may need more waiting than what is held, or the context, allows.</summary>
    InvalidWaitContext,

    /// <summary>The lock that should serialise several locks of a class is not held.</summary>
    NestLockNotHeld,

    /// <summary>A lock that a callback takes and a lock held where that callback may run: the same class.</summary>
    InconsistentCallbackUse,

    /// <summary>A new dependency leads from a lock that a callback takes to one that is held where that callback may run.</summary>
    CallbackUnsafeDependency,

    /// <summary>A lock is used in a new way in relation to callbacks, and an old dependency makes that a deadlock.</summary>
    CallbackInversion,

    /// <summary>A lock is released that the thread or flow does not hold.</summary>
    ReleaseOfFreeLock,

    /// <summary>A held lock is disposed.</summary>
    HeldLockDisposed,

    /// <summary>A scope that should leave nothing held ends with a lock held.</summary>
    HeldAtExit,

    /// <summary>An assertion that a lock is held does not hold.</summary>
    NotHeld,

    /// <summary>An assertion that a lock is not held does not hold.</summary>
    HeldUnexpectedly,

    /// <summary>A pinned lock is released, or unpinned with the wrong cookie.</summary>
    PinViolation,

    /// <summary>A flow moved to another thread while it held a lock that belongs to a thread.</summary>
    HeldAcrossAwait,

    /// <summary>A reference is put by a thread that has none, or used where none is owned.</summary>
    ReferenceNotOwned,

    /// <summary>A callback threw. Not a mistake of locking, but nobody else would hear of it.</summary>
    CallbackThrew,

    /// <summary>A protocol of address-space mirroring is broken: an order of calls, a contract of a callback, an invariant.</summary>
    MirrorProtocol,

    /// <summary>A table of the validator is full; it cannot tell right from wrong any more.</summary>
    LimitReached,
}
