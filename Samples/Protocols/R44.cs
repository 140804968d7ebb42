// Nothing faults while it holds a lock that the callback takes.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R44;

public static class Case
{
    public static void Wrong(Mm mm, Umem umem)
    {
        umem.Mutex.Lock();
        mm.Fault(); // LOCK1006
        umem.Mutex.Unlock();
    }

    public static void Right(Mm mm, Umem umem)
    {
        mm.Fault();
        umem.Mutex.Lock();
        umem.Mutex.Unlock();
    }
}
