// The result of mmget-not-zero is branched on.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R04;

public static class Case
{
    public static void Wrong(Mm mm) => mm.TryGet(); // LOCK5001

    public static void Right(Mm mm)
    {
        if (mm.TryGet())
        {
            mm.Put();
        }
    }
}
