// The object that proves the reference is passed, not a key.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R19;

public static class Case
{
    public static void Wrong(Mirror mirror) => Range(mirror); // LOCK5004

    public static void Right(Mirror mirror)
    {
        mirror.Register();
        Range(mirror);
        mirror.Unregister();
    }

    [Requires("mirror.Registered")]
    private static void Range(Mirror mirror) => mirror.Snapshot();
}
