// Nothing is used after its last put.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class NoUseAfterPut : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK5003",
        "Use after the last put",
        "'{0}' needs the reference '{1}', which has been put",
        "The object may be gone. Put the reference after the last use.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Required { Requirement: { Path.Kind.Capability: CapabilityKind.Reference, WasHeld: true, HeldWhereMade: false } requirement } call)
        {
            findings.Report(s_descriptor, call.Location, SpokenName.Of(call.Member), requirement.Name);
        }
    }
}
