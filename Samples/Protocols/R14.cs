// A callback is given its object and looks nothing up.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R14;

public static class Case
{
    public static bool WrongCallback(Mm mm) => mm.Mirror is not null; // LOCK1002

    [Requires("mirror.Registered")]
    public static void RightCallback(Mirror mirror) => mirror.Snapshot();
}
