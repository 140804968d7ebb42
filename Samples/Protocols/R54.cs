// No early exit on a guarded counter without its lock.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R54;

public static class Case
{
    public static void Wrong(Umem umem)
    {
        if (umem.Pages == 0) // LOCK1002
        {
            return;
        }

        umem.Mutex.Lock();
        umem.Pages = 0;
        umem.Mutex.Unlock();
    }

    public static void Right(Umem umem)
    {
        umem.Mutex.Lock();
        if (umem.Pages != 0)
        {
            umem.Pages = 0;
        }

        umem.Mutex.Unlock();
    }
}
