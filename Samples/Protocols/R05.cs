// A put that may be the last does not run under locks.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R05;

public static class Case
{
    public static void Wrong(Mm mm, Umem umem)
    {
        if (mm.TryGet())
        {
            umem.Mutex.Lock();
            mm.Put(); // LOCK4002
            umem.Mutex.Unlock();
        }
    }

    public static void Right(Mm mm, Umem umem)
    {
        if (mm.TryGet())
        {
            umem.Mutex.Lock();
            umem.Mutex.Unlock();
            mm.Put();
        }
    }
}
