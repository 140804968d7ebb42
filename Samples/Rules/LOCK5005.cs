// Freeing what readers may still look at: no kfree without a grace period.
using System;
using System.Threading;
using Locking;

namespace Locking.Samples.LOCK5005;

public sealed class Route
{
    public string Target { get; set; } = "";

    [Frees("route")]
    public static void Free(Route? route) => GC.KeepAlive(route);
}

public sealed class RoutingTable
{
    private readonly SrcuDomain _srcu = new();
    private readonly Lock _update = new();

    [GuardedBy(nameof(_update), nameof(_srcu))]
    [GracePeriod(nameof(_srcu))]
    private Route? _default;

    public string Lookup()
    {
        using (_srcu.EnterRead())
        {
            return _default?.Target ?? "";
        }
    }

    public void RemoveAtOnce()
    {
        Route? old;
        lock (_update)
        {
            old = _default;
            _default = null;
        }

        Route.Free(old); // LOCK5005
    }

    public void GraceBeforeUnpublishing()
    {
        _srcu.Synchronize();
        Route? old;
        lock (_update)
        {
            old = _default;
            _default = null;
        }

        Route.Free(old); // LOCK5005
    }

    /// <summary>Right: unpublished, waited, freed.</summary>
    public void Remove()
    {
        Route? old;
        lock (_update)
        {
            old = _default;
            _default = null;
        }

        _srcu.Synchronize();
        Route.Free(old);
    }

    /// <summary>Right: freed by a callback that runs after a grace period.</summary>
    public void RemoveLater()
    {
        Route? old;
        lock (_update)
        {
            old = _default;
            _default = null;
        }

        _srcu.Call(() => Route.Free(old));
    }
}
