// What callbacks may still use is not freed after an unregister that does not wait for them.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class UnregisterIsFence : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK5008",
        "Freed after an unregister that is no fence",
        "'{0}' is freed after it was only unlinked: callbacks may still be using it",
        "The unregister returns while callbacks may be running. Use the form that waits, or wait for a grace period before freeing.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Freed { AfterUnfencedUnregister: true } freed)
        {
            findings.Report(s_descriptor, freed.Location, new FindingData(freed.Domain), freed.Object);
        }
    }
}
