// Where it must not block it tries, and says so.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R33;

public sealed class Notifier
{
    private readonly Mutex _mutex = new();

    [MustNotBlock]
    public bool WrongInvalidate()
    {
        _mutex.Lock(); // LOCK4004
        _mutex.Unlock();
        return true;
    }

    [MustNotBlock]
    public bool RightInvalidate()
    {
        if (!_mutex.TryLock())
        {
            return false;
        }

        _mutex.Unlock();
        return true;
    }
}
