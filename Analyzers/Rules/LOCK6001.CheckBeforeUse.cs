// What was read optimistically is used only after the check that it is still valid.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class CheckBeforeUse : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK6001",
        "A result is used before the check that it is valid",
        "'{0}' needs '{1}', and no check has said that it is valid",
        "What was read may have changed since. Check under the lock that updates it, and retry where the check says so.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Required { Requirement: { Path.Kind.Capability: CapabilityKind.Token, WasHeld: false, HeldWhereMade: false } requirement } call)
        {
            findings.Report(s_descriptor, call.Location, SpokenName.Of(call.Member), requirement.Name);
        }
    }
}
