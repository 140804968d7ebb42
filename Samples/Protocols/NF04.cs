// Linux 5.2: a callback looks its object up again, and may find the next one.
using System;

namespace Locking.Samples.Protocols.NF04;

public static class Callback
{
    [Requires("mirror.Registered")]
    public static void InvalidateStart(Mirror mirror, Mm mm)
    {
        mirror.Snapshot();
        Mirror? again = mm.Mirror; // LOCK1002
        GC.KeepAlive(again);
    }
}
