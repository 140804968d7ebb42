// An unregister that only unlinks is no fence: free after the grace period.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R11;

public sealed class Owner
{
    private readonly Srcu _srcu = new();

    [GracePeriod(nameof(_srcu))]
    private readonly Mirror _mirror = new();

    public void Wrong()
    {
        Mirror.UnregisterNoRelease(_mirror);
        Mirror.Free(_mirror); // LOCK5008
    }

    public void Right()
    {
        Mirror.UnregisterNoRelease(_mirror);
        _srcu.Call(() => Mirror.Free(_mirror));
    }
}
