// Unregister happens once; nothing protects against a second one.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R28;

public static class Case
{
    public static void Wrong(Mirror mirror)
    {
        mirror.Register();
        mirror.Unregister();
        mirror.Unregister(); // LOCK2003
    }

    public static void Right(Mirror mirror)
    {
        mirror.Register();
        mirror.Unregister();
    }
}
