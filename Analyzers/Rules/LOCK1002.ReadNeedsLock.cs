// A read of guarded data needs its lock, in any mode.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class ReadNeedsLock : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK1002",
        "Guarded data is read without its lock",
        "'{0}' is read without holding '{1}', which guards it",
        "The value may be stale or torn, or change between this read and what depends on it. Acquire the lock around the read, or require it of the caller with [RequiresShared].");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Accessed { IsContents: false, Kind: AccessKind.Read, Missing: { Lack: not Lack.None, HeldWhereMade: false } } access)
        {
            findings.Report(s_descriptor, access.Location, access.Data, access.Member.Name, access.Missing.Lock);
        }
    }
}
