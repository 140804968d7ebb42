// READ_ONCE is not a lock.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R17;

public sealed class Case
{
    private readonly Mutex _mutex = new();

    [GuardedBy(nameof(_mutex))]
    private int _state;

    public int Wrong() => Volatile.Read(ref _state); // LOCK1002

    public int Right()
    {
        _mutex.Lock();
        int state = _state;
        _mutex.Unlock();
        return state;
    }
}
