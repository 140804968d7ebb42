// What a guarded reference points to needs the lock that guards it.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class ContentsNeedLock : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK1004",
        "Guarded contents are used without their lock",
        "The contents of '{0}' are used without holding '{1}', which guards them",
        "The reference may be read freely, what it points to may not: another thread may change it at the same moment.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Accessed { IsContents: true, Kind: AccessKind.Read or AccessKind.Write, Missing: { Lack: Lack.Hold, HeldWhereMade: false } } access)
        {
            findings.Report(s_descriptor, access.Location, access.Data, access.Member.Name, access.Missing.Lock);
        }
    }
}
