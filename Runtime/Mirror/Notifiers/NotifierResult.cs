// Results of notifiers.
namespace Locking.Mirror;

/// <summary>What a start of a window answers. The numbers are the kernel's, negated.</summary>
public enum NotifierResult
{
    /// <summary>Done: nothing uses the range any more.</summary>
    Ok = 0,

    /// <summary>It would have to block, and the window says that it must not. Linux: EAGAIN.</summary>
    Again = -11,

    /// <summary>No memory for a registration. Linux: ENOMEM.</summary>
    NoMemory = -12,

    /// <summary>The address space has exited. Linux: ESRCH, or EINVAL.</summary>
    Exited = -22,

    /// <summary>An empty range, or one that wraps. Linux: EOVERFLOW.</summary>
    Overflow = -75,
}
