// Examples put what they get.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R52;

public static class Example
{
    public static int Wrong(Mm mm)
    {
        if (!mm.TryGet()) // LOCK5002
        {
            return -14;
        }

        return 0;
    }

    public static int Right(Mm mm)
    {
        if (!mm.TryGet())
        {
            return -14;
        }

        mm.Put();
        return 0;
    }
}
