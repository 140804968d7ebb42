// An iterator does not hand out elements while it holds a lock.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class NoYieldUnderLock : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK4005",
        "yield return while holding a lock",
        "yield return while holding '{0}': it stays held for as long as the caller likes",
        "The caller runs while the lock is held, and may never come back to release it.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Yielded { Held: var held })
        {
            foreach ((NamedLock @lock, var acquires) in held)
            {
                if (@lock is { Name: { } name, Kind: { IsSignal: false, Capability: CapabilityKind.Lock or CapabilityKind.ReadSection } })
                {
                    findings.Report(s_descriptor, e.Location, acquires, name);
                    return;
                }
            }
        }
    }
}
