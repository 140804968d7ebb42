// Registration needs the semaphore for write.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R49;

public static class Case
{
    public static void Wrong(Mm mm)
    {
        mm.MmapSem.DownRead();
        Register(mm); // LOCK1005
        mm.MmapSem.UpRead();
    }

    public static void Right(Mm mm)
    {
        mm.MmapSem.DownWrite();
        Register(mm);
        mm.MmapSem.UpWrite();
    }

    [Requires("mm.MmapSem")]
    private static void Register(Mm mm) => GC.KeepAlive(mm);
}
