// A lock is held on every way to its release, or on none.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class HeldOnEveryWay : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK2005",
        "A lock is held on only some of the ways to its release",
        "'{0}' is held on only some of the ways to its release",
        "On the other ways the release throws, or takes the lock from somebody else.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is AcquiredOnSomePaths { IsTry: false, Lock.Name: { } name } acquire)
        {
            findings.Report(s_descriptor, acquire.Location, acquire.Releases, new FindingData(name), name);
        }
    }
}
