// A flag that is read without the lock closes no race.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R07;

public sealed class PerMm
{
    private readonly Mutex _mutex = new();
    private bool _dying;
    private int _mapped;

    public void Wrong()
    {
        if (!_dying) // LOCK6004
        {
            _mutex.Lock();
            _mapped++;
            _mutex.Unlock();
        }
    }

    public void Right()
    {
        _mutex.Lock();
        if (!_dying)
        {
            _mapped++;
        }

        _mutex.Unlock();
    }

    public void Die()
    {
        _mutex.Lock();
        _dying = true;
        _mapped = 0;
        _mutex.Unlock();
    }
}
