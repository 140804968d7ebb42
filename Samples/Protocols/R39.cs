// The check holds the lock that the callback takes.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R39;

public static class Case
{
    public static bool Wrong(Umem umem, Umem other, ulong sequence)
    {
        other.Mutex.Lock();
        bool retry = umem.ReadRetry(sequence); // LOCK6002
        other.Mutex.Unlock();
        return retry;
    }

    public static bool Right(Umem umem, ulong sequence)
    {
        umem.Mutex.Lock();
        bool retry = umem.ReadRetry(sequence);
        umem.Mutex.Unlock();
        return retry;
    }
}
