// The pfn array is filled and read under one lock.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R79;

public static class Case
{
    public static ulong Wrong(Umem umem) => umem.Pfns[0]; // LOCK1004

    public static ulong Right(Umem umem)
    {
        ulong[] copy = new ulong[4];
        umem.Mutex.Lock();
        umem.Pfns.CopyTo(copy, 0);
        umem.Mutex.Unlock();
        return copy[0];
    }
}
