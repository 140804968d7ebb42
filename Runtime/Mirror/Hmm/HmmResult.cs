// Results of ranges and mirrors.
namespace Locking.Mirror;

/// <summary>What a call of a range or a mirror answers. The numbers are the kernel's, negated.</summary>
public enum HmmResult
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>A writable page was asked for where the mapping allows none. Linux: EPERM.</summary>
    NotPermitted = -1,

    /// <summary>Start over; of <see cref="HmmRange53.Fault"/>: the semaphore has been released (R45). Linux: EAGAIN.</summary>
    Again = -11,

    /// <summary>No memory. Linux: ENOMEM.</summary>
    NoMemory = -12,

    /// <summary>A page was asked for that cannot be had, or the address space has exited. Linux: EFAULT.</summary>
    Fault = -14,

    /// <summary>A window came over the range: start over. The semaphore is still held. Linux: EBUSY.</summary>
    Busy = -16,

    /// <summary>An argument makes no sense. Linux: EINVAL.</summary>
    Invalid = -22,

    /// <summary>The machine lacks the feature. Linux: EOPNOTSUPP.</summary>
    NotSupported = -95,
}
