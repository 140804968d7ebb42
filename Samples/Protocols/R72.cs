// Error paths undo what construction did.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R72;

public sealed class PerMm
{
    private readonly Mutex _list = new();

    public bool Wrong(Mm mm)
    {
        _list.Lock(); // LOCK2001
        if (!mm.TryGet())
        {
            return false;
        }

        _list.Unlock();
        mm.Put();
        return true;
    }

    public bool Right(Mm mm)
    {
        _list.Lock();
        bool got = mm.TryGet();
        _list.Unlock();
        if (got)
        {
            mm.Put();
        }

        return got;
    }
}
