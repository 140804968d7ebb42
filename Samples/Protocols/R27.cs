// Start and end agree on whether the lock is kept between them.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R27;

public sealed class Window
{
    public Rwsem Sem { get; } = new();

    [AcquiresShared(nameof(Sem))]
    public void WrongStart(bool active) // LOCK2012
    {
        if (active)
        {
            Sem.DownRead();
        }
    }

    [AcquiresShared(nameof(Sem))]
    public void RightStart() => Sem.DownRead();

    [ReleasesShared(nameof(Sem))]
    public void RightEnd() => Sem.UpRead();
}
