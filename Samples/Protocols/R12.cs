// An unregister after which the caller frees is a fence.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R12;

public sealed class Owner
{
    private readonly Srcu _srcu = new();

    [GracePeriod(nameof(_srcu))]
    private readonly Mirror _mirror = new();

    public void Wrong(bool fast)
    {
        if (fast)
        {
            Mirror.UnregisterNoRelease(_mirror);
        }
        else
        {
            Mirror.UnregisterAndWait(_mirror);
        }

        Mirror.Free(_mirror); // LOCK5008
    }

    public void Right()
    {
        Mirror.UnregisterAndWait(_mirror);
        Mirror.Free(_mirror);
    }
}
