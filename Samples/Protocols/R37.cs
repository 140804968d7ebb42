// Sample, fault, lock, check; again from the sample.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R37;

public static class Case
{
    public static void Wrong(Umem umem)
    {
        ulong sequence = umem.ReadBegin();
        while (true)
        {
            umem.Mutex.Lock();
            if (!umem.ReadRetry(sequence)) // LOCK6003
            {
                umem.UpdateDevice();
                umem.Mutex.Unlock();
                return;
            }

            umem.Mutex.Unlock();
        }
    }

    public static void Right(Umem umem)
    {
        while (true)
        {
            ulong sequence = umem.ReadBegin();
            umem.Mutex.Lock();
            if (!umem.ReadRetry(sequence))
            {
                umem.UpdateDevice();
                umem.Mutex.Unlock();
                return;
            }

            umem.Mutex.Unlock();
        }
    }
}
