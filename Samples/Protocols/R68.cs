// A range is configured before it is registered.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R68;

[DeclaresCapability("Registered", CapabilityKind.Reference)]
public abstract class Range
{
    [Acquires("Registered")]
    public abstract void Register();

    [Releases("Registered")]
    public abstract void Unregister();

    [Excludes("Registered")]
    public void SetShift(int shift) => GC.KeepAlive(shift);
}

public static class Case
{
    public static void Wrong(Range range)
    {
        range.Register();
        range.SetShift(12); // LOCK1006
        range.Unregister();
    }

    public static void Right(Range range)
    {
        range.SetShift(12);
        range.Register();
        range.Unregister();
    }
}
