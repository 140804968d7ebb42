// A write to guarded data needs its lock.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class WriteNeedsLock : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK1001",
        "Guarded data is written without its lock",
        "'{0}' is written without holding '{1}', which guards it",
        "Another thread may use the data at the same moment. Acquire the lock around the write, or require it of the caller with [Requires].");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Accessed { IsContents: false, Kind: AccessKind.Write, Missing: { Lack: Lack.Hold, HeldWhereMade: false } } access)
        {
            findings.Report(s_descriptor, access.Location, access.Data, access.Member.Name, access.Missing.Lock);
        }
    }
}
