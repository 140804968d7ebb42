// A mapping is unmapped with the size and the direction that it was mapped with, for it remembers them.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R58;

[DeclaresCapability("Mapped", CapabilityKind.Reference)]
public abstract class DmaMapping
{
    public abstract ulong Address { get; }

    public abstract ulong Size { get; }

    /// <summary>Of all that was mapped, and in that direction: there is nothing to say.</summary>
    [ReleasesShared("Mapped")]
    public abstract void Unmap();
}

public abstract class Dma
{
    [Acquires("return.Mapped")]
    public abstract DmaMapping Map(ulong frame, ulong size, bool isWritten);

    public ulong WrongKept(ulong frame)
    {
        DmaMapping mapping = Map(frame, 4096, isWritten: true); // LOCK5002
        return mapping.Address;
    }

    public void WrongAgain(DmaMapping mapping)
    {
        mapping.Unmap(); // LOCK2003
    }

    public void Right(ulong frame)
    {
        DmaMapping mapping = Map(frame, 4096, isWritten: false);
        mapping.Unmap();
    }
}
