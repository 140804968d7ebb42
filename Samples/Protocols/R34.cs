// No error of a callback is lost.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R34;

public sealed class Dispatcher
{
    private readonly Rwsem _sem = new();

    public void Wrong()
    {
        _sem.TryDownRead(); // LOCK2007
    }

    public bool Right()
    {
        if (!_sem.TryDownRead())
        {
            return false;
        }

        _sem.UpRead();
        return true;
    }
}
