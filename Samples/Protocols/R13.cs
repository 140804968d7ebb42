// A reference count does not replace a callback fence.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R13;

public sealed class Owner
{
    private readonly Srcu _srcu = new();
    private readonly Kref _references = new();

    [GracePeriod(nameof(_srcu))]
    private readonly Mirror _mirror = new();

    public void Wrong() => _references.Put(ReleaseAtOnce);

    public void Right() => _references.Put(ReleaseAfterAFence);

    private void ReleaseAtOnce()
    {
        Mirror.UnregisterNoRelease(_mirror);
        Mirror.Free(_mirror); // LOCK5008
    }

    private void ReleaseAfterAFence()
    {
        Mirror.UnregisterAndWait(_mirror);
        Mirror.Free(_mirror);
    }
}
