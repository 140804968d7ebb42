// A conditional get is checked, and put on every path.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R16;

public static class Case
{
    public static bool Wrong(Mm mm, bool early)
    {
        if (!mm.TryGet()) // LOCK5002
        {
            return false;
        }

        if (early)
        {
            return false;
        }

        mm.Put();
        return true;
    }

    public static bool Right(Mm mm, bool early)
    {
        if (!mm.TryGet())
        {
            return false;
        }

        try
        {
            return !early;
        }
        finally
        {
            mm.Put();
        }
    }
}
