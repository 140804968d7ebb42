// Written pages are marked dirty before the invalidation is over.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R63;

/// <summary>An entry that granted write is cleared only after its page was marked.</summary>
[DeclaresCapability("Marked", CapabilityKind.Token)]
public abstract class Entry(Umem umem)
{
    public Umem Umem { get; } = umem;

    /// <summary>There is nothing to mark where nobody could write.</summary>
    [Requires("Umem.Mutex")]
    [TryAcquires(true, "Marked", Until = "Umem.Mutex")]
    public abstract bool IsReadOnly();

    [Requires("Umem.Mutex")]
    [Acquires("Marked")]
    public abstract void SetDirty();

    [Requires("Umem.Mutex", "Marked")]
    public abstract void Clear();
}

public static class Case
{
    public static void WrongLock(Entry entry) => entry.SetDirty(); // LOCK1005

    public static void WrongOrder(Entry entry)
    {
        entry.Umem.Mutex.Lock();
        entry.Clear(); // LOCK6001
        entry.Umem.Mutex.Unlock();
    }

    public static void Right(Entry entry)
    {
        entry.Umem.Mutex.Lock();
        if (!entry.IsReadOnly())
        {
            entry.SetDirty();
        }

        entry.Clear();
        entry.Umem.Mutex.Unlock();
    }
}
