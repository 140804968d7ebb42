// Device pages are released through their own count.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R77;

public static class Case
{
    public static void Wrong(Mm mm)
    {
        mm.Grab(); // LOCK5002
        mm.Put(); // LOCK2003
    }

    public static void Right(Mm mm)
    {
        mm.Grab();
        mm.Drop();
    }
}
