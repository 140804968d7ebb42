// One lock for every access to mm.hmm.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R20;

public static class Case
{
    public static Mirror? WrongRead(Mm mm) => mm.Mirror; // LOCK1002

    public static void WrongWrite(Mm mm, Mirror mirror) => mm.Mirror = mirror; // LOCK1001

    public static void Right(Mm mm, Mirror mirror)
    {
        mm.PageTableLock.Lock();
        mm.Mirror ??= mirror;
        mm.PageTableLock.Unlock();
    }
}
