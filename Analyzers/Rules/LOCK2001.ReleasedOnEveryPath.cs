// What a method acquires it releases on every path.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class ReleasedOnEveryPath : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK2001",
        "A lock is still held when the method returns",
        "'{0}' is still held when the method returns{1}",
        "Nobody can acquire it any more. Release it on every path, best in a finally block or by a guard; or promise it to callers with [Acquires].");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Leaked { OnlyByThrow: false, Lock: { Name: { } name, Kind.Capability: not CapabilityKind.Reference } } leak)
        {
            findings.Report(s_descriptor, leak.Location, new FindingData(name), name, leak.IsTry ? " on a path where it was acquired" : "");
        }
    }
}
