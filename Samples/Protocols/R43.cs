// Invalidation is not waited for under a lock that it needs.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R43;

public abstract class Notifications
{
    [Fence("callbacks")]
    public abstract void Remove(Action callback);
}

public sealed class Listener(Notifications notifications)
{
    private readonly Mutex _mutex = new();

    public void Wrong()
    {
        _mutex.Lock();
        notifications.Remove(OnInvalidate); // LOCK3004
        _mutex.Unlock();
    }

    public void Right() => notifications.Remove(OnInvalidate);

    private void OnInvalidate()
    {
        _mutex.Lock();
        _mutex.Unlock();
    }
}
