// The number of mapped entries changes with the entries.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R55;

public static class Case
{
    public static void Wrong(Umem umem)
    {
        umem.Mutex.Lock();
        umem.Pfns[0] = 1;
        umem.Mutex.Unlock();
        umem.Pages++; // LOCK1001
    }

    public static void Right(Umem umem)
    {
        umem.Mutex.Lock();
        umem.Pfns[0] = 1;
        umem.Pages++;
        umem.Mutex.Unlock();
    }
}
