// A callback refuses only where a window must not block, and no refusal is lost.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R34;

/// <summary>One entry for each kind of window: where it may block there is nothing to answer, and no other code can be returned.</summary>
[DeclaresCapability("Told", CapabilityKind.Token)]
public abstract class Mirror
{
    [Acquires("Told")]
    [MayBlock]
    public abstract void Invalidate();

    [TryAcquires(true, "Told")]
    [MustNotBlock]
    public abstract bool TryInvalidate();
}

public sealed class Dispatcher(Mirror mirror)
{
    [TryAcquires(true, "mirror.Told")]
    public static bool WrongTell(Mirror mirror, bool isWanted) // LOCK2012
    {
        bool result = true;
        if (isWanted)
        {
            bool answer = mirror.TryInvalidate();
            Console.WriteLine(answer);
        }

        return result;
    }

    [TryAcquires(true, "mirror.Told")]
    public static bool RightTell(Mirror mirror) => mirror.TryInvalidate();

    [MustNotBlock]
    public void WrongKind() => mirror.Invalidate(); // LOCK4004
}
