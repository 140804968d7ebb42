// Release stops the device: what it promises is done on every path.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R31;

public sealed class Device
{
    public Mutex Running { get; } = new();

    [Releases(nameof(Running))]
    public void WrongRelease(bool idle) // LOCK2012
    {
        if (!idle)
        {
            Running.Unlock();
        }
    }

    [Releases(nameof(Running))]
    public void RightRelease() => Running.Unlock();
}
