// The update is finished before the callback returns.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R35;

[DeclaresCapability("Flushed", CapabilityKind.Token)]
public abstract class Device
{
    [Acquires("Flushed")]
    public abstract void Flush();

    [Acquires("Flushed")]
    public void WrongPosted() // LOCK2012
    {
        ThreadPool.QueueUserWorkItem(_ => Flush());
    }

    [Acquires("Flushed")]
    public void WrongStarted() // LOCK2012
    {
        _ = Task.Run(() => Flush());
    }

    [Acquires("Flushed")]
    public void Right() => Flush();
}
