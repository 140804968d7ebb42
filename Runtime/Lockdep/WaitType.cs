// How much waiting a lock needs from its surroundings, and how much it allows inside.
namespace Locking;

/// <summary>
/// A lock of outer type <c>t</c> may be acquired only where everything already held, and the context, has an inner type of at least <c>t</c>.
/// Linux: <c>enum lockdep_wait_type</c>.
/// </summary>
public enum WaitType
{
    /// <summary>Not checked.</summary>
    Unchecked,

    /// <summary>Never waits: entering a read section.</summary>
    Free,

    /// <summary>Waits by spinning only and never gives up the processor. Linux: <c>LD_WAIT_SPIN</c>.</summary>
    RawSpin,

    /// <summary>Spins, and yields the processor when that takes long: a spin lock. Linux: <c>LD_WAIT_CONFIG</c>.</summary>
    Spin,

    /// <summary>Blocks the thread.</summary>
    Sleep,

    /// <summary>Suspends the flow at an <c>await</c>, so nothing that belongs to a thread may be held. No counterpart in Linux.</summary>
    Async,
}
