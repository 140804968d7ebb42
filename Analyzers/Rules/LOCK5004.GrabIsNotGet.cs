// A weaker reference does not do where a stronger one is required.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class GrabIsNotGet : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK5004",
        "A reference is required that is not held",
        "'{0}' needs the reference '{1}'{2}",
        "A reference that keeps the object is not one that keeps what is in it: a grab is not a get. Take the reference that is required, and check that you got it.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Required { Requirement: { Path.Kind.Capability: CapabilityKind.Reference, WasHeld: false, HeldWhereMade: false } requirement } call)
        {
            findings.Report(s_descriptor, call.Location, SpokenName.Of(call.Member), requirement.Name, requirement.Weaker is { } weaker ? $"; '{weaker}' keeps less alive" : "");
        }
    }
}
