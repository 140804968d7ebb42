// A wait is tested again.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R42;

public sealed class Invalidation
{
    private readonly object _gate = new();
    private bool _done;

    public void Wrong()
    {
        lock (_gate)
        {
            if (!_done)
            {
                Monitor.Wait(_gate); // LOCK2009
            }
        }
    }

    public void Right()
    {
        lock (_gate)
        {
            while (!_done)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _done = true;
            Monitor.PulseAll(_gate);
        }
    }
}
