// A blocking fault never drops the semaphore.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R46;

public sealed class Space
{
    public Rwsem Sem { get; } = new();

    [RequiresShared(nameof(Sem))]
    public void WrongFault() // LOCK2012
    {
        Sem.UpRead();
    }

    [RequiresShared(nameof(Sem))]
    public void RightFault()
    {
    }
}
