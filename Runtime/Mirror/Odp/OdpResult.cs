// Results of on-demand paging.
using System;

namespace Locking.Mirror;

/// <summary>What a call of on-demand paging answers. The numbers are the kernel's, negated.</summary>
public enum OdpResult
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>The key is of another owner, or does not allow it. Linux: EPERM.</summary>
    NotPermitted = -1,

    /// <summary>No such key. Linux: ENOENT.</summary>
    NoEntry = -2,

    /// <summary>A window came: let the device fault again. Linux: EAGAIN.</summary>
    Again = -11,

    /// <summary>No memory. Linux: ENOMEM.</summary>
    NoMemory = -12,

    /// <summary>Outside the region, its process is gone, or the page cannot be had: the queue pair fails. Linux: EFAULT.</summary>
    Fault = -14,

    /// <summary>An argument makes no sense. Linux: EINVAL.</summary>
    Invalid = -22,

    /// <summary>The machine lacks the feature. Linux: EOPNOTSUPP.</summary>
    NotSupported = -95,
}

/// <summary>What a device may do with a page. Linux: <c>ODP_READ_ALLOWED_BIT</c>, <c>ODP_WRITE_ALLOWED_BIT</c>.</summary>
[Flags]
public enum OdpAccess
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read.</summary>
    Read = 1,

    /// <summary>Write, and read.</summary>
    Write = 2,
}
