// An object that readers may still use is freed only after a grace period.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class FreeAfterGrace : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK5005",
        "Freed without a grace period",
        "'{0}' is freed and no grace period of '{1}' has passed since it was unpublished",
        "Readers that began before it was unpublished still use it. Wait for a grace period after unpublishing, or free it in a callback that runs after one.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Freed { AfterUnfencedUnregister: false } freed)
        {
            findings.Report(s_descriptor, freed.Location, new FindingData(freed.Domain), freed.Object, freed.Domain);
        }
    }
}
