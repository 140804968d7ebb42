// Written pages are marked dirty before the invalidation is over.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R63;

public static class Case
{
    public static void Wrong(Umem umem) => umem.SetDirty(); // LOCK1005

    public static void Right(Umem umem)
    {
        umem.Mutex.Lock();
        umem.SetDirty();
        umem.Mutex.Unlock();
    }
}
