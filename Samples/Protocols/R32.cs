// A start that fails undoes what it did.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R32;

public sealed class Window
{
    public Rwsem Sem { get; } = new();

    [TryAcquiresShared(0, nameof(Sem))]
    public int WrongStart(bool blockable)
    {
        Sem.DownRead(); // LOCK2001
        return blockable ? 0 : -11;
    }

    [TryAcquiresShared(0, nameof(Sem))]
    public int RightStart(bool blockable)
    {
        Sem.DownRead();
        if (blockable)
        {
            return 0;
        }

        Sem.UpRead();
        return -11;
    }
}
