// The check is made under the update lock, which is held until the use.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class CheckHoldsUntilUse : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK6002",
        "A retry check is not made under the update lock, or the lock is given up before the use",
        "{0}",
        "Between the check and the use the data may change again: only the update lock keeps the answer true.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is not Required { Requirement: var requirement } call)
        {
            return;
        }

        if (requirement.IsCheck)
        {
            findings.Report(s_descriptor, call.Location, $"'{SpokenName.Of(call.Member)}' is asked without holding '{requirement.Name}': its answer is out of date at once");
        }
        else if (requirement is { Path.Kind.Capability: CapabilityKind.Token, WasHeld: true, HeldWhereMade: false })
        {
            findings.Report(s_descriptor, call.Location, $"'{SpokenName.Of(call.Member)}' needs '{requirement.Name}', which was lost when the lock that it hangs on was released");
        }
    }
}
