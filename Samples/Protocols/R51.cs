// One unregister for each register on every path.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R51;

public static class Case
{
    public static bool Wrong(Mirror range, bool failed)
    {
        range.Register(); // LOCK5002
        if (failed)
        {
            return false;
        }

        range.Unregister();
        return true;
    }

    public static bool Right(Mirror range, int attempts)
    {
        range.Register();
        while (attempts-- > 0)
        {
            range.Snapshot();
        }

        range.Unregister();
        return true;
    }
}
