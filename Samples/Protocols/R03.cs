// A registered range owns a user reference for its whole life.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R03;

public sealed class Wrong
{
    private Mm? _mm;

    public bool Register(Mm mm)
    {
        if (!mm.TryGet()) // LOCK5002
        {
            return false;
        }

        _mm = mm;
        return true;
    }

    public bool IsRegistered => _mm is not null;
}

public sealed class Right
{
    private Mm? _mm;

    public bool Register(Mm mm)
    {
        if (!mm.TryGet())
        {
            return false;
        }

        _mm = mm;
        return true;
    }

    public void Unregister()
    {
        _mm?.Put();
        _mm = null;
    }
}
