// Results of the address space.
namespace Locking.Mirror;

/// <summary>What a call of the address space answers. The numbers are the kernel's, negated.</summary>
public enum MmResult
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>The mapping does not allow the access. Linux: EPERM.</summary>
    NotPermitted = -1,

    /// <summary>Nothing there. Linux: ENOENT.</summary>
    NoEntry = -2,

    /// <summary>Somebody is in the way and waiting was not allowed. Linux: EAGAIN.</summary>
    Again = -11,

    /// <summary>No memory. Linux: ENOMEM.</summary>
    NoMemory = -12,

    /// <summary>No mapping there, or the page is broken. Linux: EFAULT, SIGSEGV, SIGBUS.</summary>
    Fault = -14,

    /// <summary>It is in use, or changed meanwhile. Linux: EBUSY.</summary>
    Busy = -16,

    /// <summary>An argument makes no sense. Linux: EINVAL.</summary>
    Invalid = -22,

    /// <summary>The machine lacks the feature. Linux: EOPNOTSUPP.</summary>
    NotSupported = -95,
}
