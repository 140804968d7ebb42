// Only the process that owns the address space registers.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Locking;

namespace Locking.Samples.Protocols.R73;

public static class Processes
{
    [Capability("current process", Kind = CapabilityKind.Role)]
    public static readonly object Current = new();

    [Requires(nameof(Current))]
    public static void Register()
    {
    }

    public static void Wrong() => Register(); // LOCK1005

    [Requires(nameof(Current))]
    public static void Right() => Register();
}
