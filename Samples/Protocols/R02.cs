// The semaphore does not exclude the exit of an address space.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R02;

public static class Case
{
    public static void Wrong(Mm mm)
    {
        mm.MmapSem.DownWrite();
        mm.FindVma(1); // LOCK5004
        mm.MmapSem.UpWrite();
    }

    [Requires("mm.Users")]
    public static void Right(Mm mm)
    {
        mm.MmapSem.DownRead();
        mm.FindVma(1);
        mm.MmapSem.UpRead();
    }
}
