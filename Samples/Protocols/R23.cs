// The list lock is held across release callbacks; nothing registers from one.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R23;

public sealed class Mirrors
{
    private readonly Rwsem _mirrors = new();

    [Excludes(nameof(_mirrors))]
    public void Register()
    {
    }

    [RequiresShared(nameof(_mirrors))]
    public void WrongRelease() => Register(); // LOCK1006

    [RequiresShared(nameof(_mirrors))]
    public void RightRelease() => GC.KeepAlive(this);
}
