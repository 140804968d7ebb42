// What was found under umem_rwsem needs another protection afterwards.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R75;

public sealed class Owner
{
    private readonly Srcu _srcu = new();
    private readonly Mutex _mutex = new();

    [GuardedBy(nameof(_mutex), nameof(_srcu))]
    [GracePeriod(nameof(_srcu))]
    private Mirror? _mirror;

    public Mirror? Wrong()
    {
        _srcu.ReadLock();
        Mirror? found = _mirror;
        _srcu.ReadUnlock();
        return found; // LOCK5009
    }

    [RequiresShared(nameof(_srcu))]
    public Mirror? Right() => _mirror;

    public void Set(Mirror mirror)
    {
        _mutex.Lock();
        _mirror = mirror;
        _mutex.Unlock();
    }
}
