// A write to guarded data or contents needs its lock exclusively.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class WriteNeedsExclusive : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK1003",
        "Guarded data is written while its lock is held only shared",
        "'{0}' is written while '{1}' is held only shared",
        "Other readers hold the lock at the same time and may see the data half written. Acquire the lock exclusively.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Accessed { Kind: AccessKind.Write, Missing: { Lack: Lack.Mode, HeldWhereMade: false } } access)
        {
            findings.Report(s_descriptor, access.Location, access.Data, access.Member.Name, access.Missing.Lock);
        }
    }
}
