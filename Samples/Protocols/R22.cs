// No crash assertion in a callback: whether its condition holds is a matter of timing, and user code decides it.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R22;

public static class Callbacks
{
    [Capability("callback", Kind = CapabilityKind.Role)]
    public static readonly object Callback = new();

    /// <summary>For mistakes of the caller, which timing alone cannot make.</summary>
    [Excludes(nameof(Callback))]
    public static void Crash(string why) => Environment.FailFast(why);
}

public static class Case
{
    [Requires("Locking.Samples.Protocols.R22.Callbacks.Callback")]
    public static void Wrong(Mm mm)
    {
        if (!mm.TryGet())
        {
            Callbacks.Crash("the process has exited"); // LOCK1006
            return;
        }

        mm.Put();
    }

    [Requires("Locking.Samples.Protocols.R22.Callbacks.Callback")]
    public static void Right(Mm mm)
    {
        if (!mm.TryGet())
        {
            return;
        }

        mm.Put();
    }
}
