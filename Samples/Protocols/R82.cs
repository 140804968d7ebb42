// References are not drained under a lock that their holders take.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R82;

public sealed class Chunks
{
    private readonly Mutex _allocation = new();

    [Excludes(nameof(_allocation))]
    public void Drain()
    {
    }

    public void Wrong()
    {
        _allocation.Lock();
        Drain(); // LOCK1006
        _allocation.Unlock();
    }

    public void Right()
    {
        _allocation.Lock();
        _allocation.Unlock();
        Drain();
    }
}
