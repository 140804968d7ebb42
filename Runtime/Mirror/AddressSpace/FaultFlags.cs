// How a fault is handled.
using System;

namespace Locking.Mirror;

/// <summary>What kind of access faults, and what its handling may do. Linux: <c>enum fault_flag</c>.</summary>
[Flags]
internal enum FaultFlags
{
    Read = 0,

    /// <summary>The access writes. Linux: <c>FAULT_FLAG_WRITE</c>.</summary>
    Write = 1,

    /// <summary>The caller will release the semaphore to wait; the answer is then <see cref="FaultResult.Retry"/>. Linux: <c>FAULT_FLAG_ALLOW_RETRY</c>.</summary>
    AllowRetry = 2,

    /// <summary>On behalf of a device, not of the process itself. Linux: <c>FAULT_FLAG_REMOTE</c>.</summary>
    Remote = 4,
}

/// <summary>How the handling of a fault ended. Linux: <c>vm_fault_t</c>.</summary>
internal enum FaultResult
{
    /// <summary>Done, or changed meanwhile: look again.</summary>
    Ok,

    /// <summary>The page migrates: release the semaphore, wait, look again from the start.</summary>
    Retry,

    /// <summary>There is no memory for it.</summary>
    NoMemory,

    /// <summary>The page cannot be had.</summary>
    Error,
}
