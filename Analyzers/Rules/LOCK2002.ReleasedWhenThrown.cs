// What a method acquires it releases when an exception leaves it.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class ReleasedWhenThrown : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK2002",
        "A lock is still held when an exception leaves the method",
        "'{0}' is still held when an exception leaves the method: release it in a finally block",
        "A call between acquire and release may throw, and nothing releases the lock then.",
        DiagnosticSeverity.Info);

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Leaked { OnlyByThrow: true, Lock: { Name: { } name, Kind.Capability: not CapabilityKind.Reference } } leak)
        {
            findings.Report(s_descriptor, leak.Location, new FindingData(name), name);
        }
    }
}
