// A reference that is taken is put on every path.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class PutOnEveryPath : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK5002",
        "A reference is not put on every path",
        "The reference '{0}' is not put on every path",
        "The object is never freed. Put the reference in a finally block, or hand it over with [Acquires].");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Leaked { Lock: { Name: { } name, Kind.Capability: CapabilityKind.Reference }, OnlyByThrow: false } leak)
        {
            findings.Report(s_descriptor, leak.Location, new FindingData(name), name);
        }
    }
}
