// A lock is released through the object that it was acquired through.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class ReleasedThroughSameObject : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK2011",
        "A lock is released through another object than it was acquired through",
        "'{0}' was acquired through this expression, which now leads to another object",
        "The variable was assigned in between: the lock that was acquired stays held, and one is released that is not.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Released { Verdict: ReleaseVerdict.ThroughAnother } release)
        {
            findings.Report(s_descriptor, release.Location, release.Acquires, release.Lock.Name ?? "the lock");
        }
    }
}
