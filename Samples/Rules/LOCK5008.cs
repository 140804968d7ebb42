// Freeing after an unregister that does not wait for callbacks.
using System;
using Locking;

namespace Locking.Samples.LOCK5008;

public sealed class Notifier
{
    [Frees("notifier")]
    public static void Free(Notifier notifier) => GC.KeepAlive(notifier);
}

public sealed class Notifications
{
    /// <summary>When it returns, no callback of the notifier runs or will run.</summary>
    [Fence("callbacks")]
    public void Unregister(Notifier notifier) => GC.KeepAlive(notifier);

    /// <summary>Only unlinks it: callbacks may be running. Linux: <c>mmu_notifier_unregister_no_release</c>.</summary>
    [Fence("callbacks", Waits = false)]
    public void UnregisterNoRelease(Notifier notifier) => GC.KeepAlive(notifier);
}

public sealed class Mirror(Notifications notifications)
{
    private readonly SrcuDomain _srcu = new();

    [GracePeriod(nameof(_srcu))]
    private readonly Notifier _notifier = new();

    public void StopWithoutAFence()
    {
        notifications.UnregisterNoRelease(_notifier);
        Notifier.Free(_notifier); // LOCK5008
    }

    public void StopWithAFence()
    {
        notifications.Unregister(_notifier);
        Notifier.Free(_notifier);
    }

    /// <summary>Right: a grace period is a fence.</summary>
    public void StopAfterAGracePeriod()
    {
        notifications.UnregisterNoRelease(_notifier);
        _srcu.Synchronize();
        Notifier.Free(_notifier);
    }
}
