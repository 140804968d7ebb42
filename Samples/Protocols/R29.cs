// Nothing is called on a range that was unregistered.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R29;

public static class Case
{
    public static void Wrong(Mirror range, bool early)
    {
        range.Register();
        if (early)
        {
            range.Unregister();
        }

        range.Snapshot(); // LOCK5003
        if (!early)
        {
            range.Unregister();
        }
    }

    public static void Right(Mirror range)
    {
        range.Register();
        try
        {
            range.Snapshot();
        }
        finally
        {
            range.Unregister();
        }
    }
}
