// A get-unless-zero needs something else that keeps the memory.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R15;

public sealed class Table
{
    private readonly Srcu _srcu = new();
    private readonly Mutex _mutex = new();

    [GuardedBy(nameof(_mutex), nameof(_srcu))]
    private Mm? _mm;

    public bool Wrong() => _mm!.ToString() == ""; // LOCK5006

    public Mm? Right()
    {
        _srcu.ReadLock();
        Mm? mm = _mm;
        if (mm?.TryGet() != true)
        {
            mm = null;
        }

        _srcu.ReadUnlock();
        mm?.Put();
        return null;
    }

    public void Set(Mm mm)
    {
        _mutex.Lock();
        _mm = mm;
        _mutex.Unlock();
    }
}
