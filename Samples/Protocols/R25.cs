// A grace period is not waited for inside the same read side.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R25;

public static class Case
{
    public static void Wrong(Srcu srcu)
    {
        srcu.ReadLock();
        srcu.Synchronize(); // LOCK5007
        srcu.ReadUnlock();
    }

    public static void Right(Srcu srcu)
    {
        srcu.ReadLock();
        srcu.ReadUnlock();
        srcu.Synchronize();
    }
}
