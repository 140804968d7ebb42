// Get-or-create runs under the exclusive side.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R21;

public static class Case
{
    public static void Wrong(Mm mm)
    {
        mm.MmapSem.DownRead();
        Create(mm); // LOCK1005
        mm.MmapSem.UpRead();
    }

    public static void Right(Mm mm)
    {
        mm.MmapSem.DownWrite();
        Create(mm);
        mm.MmapSem.UpWrite();
    }

    [Requires("mm.MmapSem")]
    private static void Create(Mm mm) => GC.KeepAlive(mm);
}
