// Zap the hardware, then unmap.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R36;

public static class Case
{
    public static void Wrong(Umem umem)
    {
        umem.Mutex.Lock();
        umem.Unmap(); // LOCK6001
        umem.Mutex.Unlock();
    }

    public static void Right(Umem umem)
    {
        umem.Mutex.Lock();
        if (umem.Zap())
        {
            umem.Unmap();
        }

        umem.Mutex.Unlock();
    }
}
