// What umem_mutex guards.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R53;

public static class Case
{
    public static void Wrong(Umem umem)
    {
        umem.Pages++; // LOCK1001
        umem.Pfns[0] = 1; // LOCK1004
    }

    public static void Right(Umem umem)
    {
        umem.Mutex.Lock();
        umem.Pages++;
        umem.Pfns[0] = 1;
        umem.Mutex.Unlock();
    }
}
