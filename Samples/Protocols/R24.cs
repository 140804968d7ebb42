// What is used after a put is pinned by another reference.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R24;

public static class Case
{
    public static void Wrong(Mirror mirror)
    {
        mirror.Register();
        mirror.Unregister();
        mirror.Snapshot(); // LOCK5003
    }

    public static void Right(Mirror mirror)
    {
        mirror.Register();
        mirror.Snapshot();
        mirror.Unregister();
    }
}
