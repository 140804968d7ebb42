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
        "{0}",
        "The object may be gone. Put the reference after the last use.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Required { Requirement: { Path.Kind.Capability: CapabilityKind.Reference, WasHeld: true, HeldWhereMade: false } requirement } call)
        {
            findings.Report(s_descriptor, call.Location, $"'{SpokenName.Of(call.Member)}' needs the reference '{requirement.Name}', which has been put");
        }
        else if (e is UsedAfterReturn used)
        {
            findings.Report(s_descriptor, used.Location, $"'{used.Name}' is used after it was given back");
        }
    }
}
