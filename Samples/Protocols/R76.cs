// Device pages: kill, drain, then unmap.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R76;

[DeclaresCapability("Drained", CapabilityKind.Token)]
public abstract class Pagemap
{
    [TryAcquires(true, "Drained")]
    public abstract bool KillAndDrain();

    [Requires("Drained")]
    public abstract void Unmap();
}

public static class Case
{
    public static void Wrong(Pagemap pages) => pages.Unmap(); // LOCK6001

    public static void Right(Pagemap pages)
    {
        if (pages.KillAndDrain())
        {
            pages.Unmap();
        }
    }
}
