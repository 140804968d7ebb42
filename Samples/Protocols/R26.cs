// Teardown of a memory region: no lock of a fault handler over the wait.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R26;

public static class Case
{
    public static void Wrong(Srcu srcu, Umem umem)
    {
        umem.Mutex.Lock();
        srcu.Synchronize(); // LOCK4002
        umem.Mutex.Unlock();
    }

    public static void Right(Srcu srcu, Umem umem)
    {
        srcu.Synchronize();
        umem.Mutex.Lock();
        umem.Mutex.Unlock();
    }
}
