// Only what is held can be released.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class ReleaseNeedsHold : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK2003",
        "A lock is released that is not held",
        "'{0}' is released and not held",
        "It was never acquired on the ways that lead here, or released before. Most locks throw; others let a second holder in.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Released { Verdict: ReleaseVerdict.NotHeld, Lock.Name: { } name } release)
        {
            findings.Report(s_descriptor, release.Location, name);
        }
    }
}
