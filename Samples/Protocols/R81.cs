// Every callback that returns true has published the sequence.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R81;

[DeclaresCapability("Published", CapabilityKind.Token)]
public abstract class Interval
{
    public Mutex Update { get; } = new();

    [Requires(nameof(Update))]
    [TryAcquires(true, "Published")]
    public abstract bool SetSequence();
}

public static class Case
{
    [TryAcquires(true, "interval.Published")]
    public static bool WrongInvalidate(Interval interval, bool isOwner) // LOCK2012
    {
        if (isOwner)
        {
            return true;
        }

        interval.Update.Lock();
        bool published = interval.SetSequence();
        interval.Update.Unlock();
        return published;
    }

    [TryAcquires(true, "interval.Published")]
    public static bool RightInvalidate(Interval interval)
    {
        interval.Update.Lock();
        bool published = interval.SetSequence();
        interval.Update.Unlock();
        return published;
    }
}
