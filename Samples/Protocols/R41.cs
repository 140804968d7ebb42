// Counter and sequence change under the update lock.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R41;

public sealed class Accounting
{
    private readonly Mutex _mutex = new();

    [GuardedBy(nameof(_mutex))]
    private int _open;

    public void Wrong() => _open++; // LOCK1001

    public void Right()
    {
        _mutex.Lock();
        _open++;
        _mutex.Unlock();
    }
}
