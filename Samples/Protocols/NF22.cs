// lib/test_hmm.c of 6.12: the entry of a page that goes back to the processor is erased without the lock of the device.
using System.Collections.Generic;

namespace Locking.Samples.Protocols.NF22;

public sealed class Device
{
    private readonly Mutex _mutex = new();

    [ContentsGuardedBy(nameof(_mutex))]
    private readonly Dictionary<ulong, ulong> _entries = [];

    public void Write(ulong page, ulong frame)
    {
        _mutex.Lock();
        _entries[page] = frame;
        _mutex.Unlock();
    }

    public void MigrateToRam(ulong page) => _entries.Remove(page); // LOCK1004
}
