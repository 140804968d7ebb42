// Check and update are one critical section.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R38;

public static class Case
{
    public static void Wrong(Umem umem, ulong sequence)
    {
        umem.Mutex.Lock();
        bool retry = umem.ReadRetry(sequence);
        umem.Mutex.Unlock();
        if (!retry)
        {
            umem.Mutex.Lock();
            umem.UpdateDevice(); // LOCK6002
            umem.Mutex.Unlock();
        }
    }

    public static void Right(Umem umem, ulong sequence)
    {
        umem.Mutex.Lock();
        if (!umem.ReadRetry(sequence))
        {
            umem.UpdateDevice();
        }

        umem.Mutex.Unlock();
    }
}
