// A call needs what the callee requires.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class CallNeedsLock : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK1005",
        "A call lacks a capability that the callee requires",
        "'{0}' requires '{1}'{2}, which is not held{3}",
        "The callee relies on its caller to hold it. Acquire it around the call, or require it of your own caller with [Requires].");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Required { Requirement: { HeldWhereMade: false, IsCheck: false, Path.Kind.Capability: not CapabilityKind.Reference and not CapabilityKind.Token } requirement } call)
        {
            bool onlyMode = requirement.Lack == Lack.Mode;
            findings.Report(s_descriptor, call.Location, call.Data, SpokenName.Of(call.Member), requirement.Name, onlyMode ? " exclusively" : "", onlyMode ? " so: only shared" : "");
        }
    }
}
