// A pointer is not cleared to signal death.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R06;

public static class Case
{
    public static void Wrong(Mm mm) => mm.Mirror = null; // LOCK1001

    public static void Right(Mm mm)
    {
        mm.PageTableLock.Lock();
        mm.Mirror = null;
        mm.PageTableLock.Unlock();
    }
}
