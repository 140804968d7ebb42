// lib/test_hmm.c of 6.12: migrations of its own leave the callback before it has published the sequence.
using System;
using Locking.Mirror;

namespace Locking.Samples.Protocols.NF21;

/// <summary>The callback of a mirror that thinks it knows better where it is the one who migrates.</summary>
public static class Callback
{
    public static bool OnInvalidate(in InvalidateRange range, object owner, MutexLock driverLock, Action publish)
    {
        if (range.Event == InvalidateEvent.Migrate && range.Owner == owner)
        {
            return true;
        }

        driverLock.Acquire();
        publish();
        driverLock.Release();
        return true;
    }
}
