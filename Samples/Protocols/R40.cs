// A boolean "valid" is an ABA hazard.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R40;

public static class Case
{
    public static void Wrong(Umem umem)
    {
        umem.Mutex.Lock();
        if (!umem.Invalid)
        {
            umem.UpdateDevice(); // LOCK6001
        }

        umem.Mutex.Unlock();
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
