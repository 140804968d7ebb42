// In which manner a lock is being acquired.
namespace Locking;

/// <summary>In which manner a lock is being acquired.</summary>
public enum AcquireKind
{
    /// <summary>Blocks until it is free. A time-out does not make it a try: a wait that only its time-out ends is a mistake too.</summary>
    Blocking,

    /// <summary>Acquired already, by an attempt that did not wait: it cannot have been the last edge of a deadlock.</summary>
    Try,

    /// <summary>Awaits until it is free: nothing that belongs to a thread may be held.</summary>
    Await,
}
