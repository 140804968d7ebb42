// A memory region is freed when it is out of the tree and its readers are gone.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R71;

public sealed class Owner
{
    private readonly Srcu _srcu = new();
    private readonly Mutex _mutex = new();

    [GuardedBy(nameof(_mutex), nameof(_srcu))]
    [GracePeriod(nameof(_srcu))]
    private Mirror? _mirror;

    public void Wrong()
    {
        _mutex.Lock();
        Mirror? old = _mirror;
        _mirror = null;
        _mutex.Unlock();
        Mirror.Free(old); // LOCK5005
    }

    public void Right()
    {
        _mutex.Lock();
        Mirror? old = _mirror;
        _mirror = null;
        _mutex.Unlock();
        _srcu.Synchronize();
        Mirror.Free(old);
    }
}
