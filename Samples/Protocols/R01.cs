// A grab is not a get.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R01;

public static class Case
{
    public static void Wrong(Mm mm)
    {
        mm.Grab();
        mm.MmapSem.DownRead();
        mm.FindVma(1); // LOCK5004
        mm.MmapSem.UpRead();
        mm.Drop();
    }

    public static void Right(Mm mm)
    {
        if (!mm.TryGet())
        {
            return;
        }

        mm.MmapSem.DownRead();
        mm.FindVma(1);
        mm.MmapSem.UpRead();
        mm.Put();
    }
}
