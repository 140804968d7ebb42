// What is done under a lock is decided under it.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class CheckInsideLock : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK6004",
        "A flag that is read outside the lock decides what is done under it",
        "'{0}' is read {1} '{2}' and decides what is done under it; it may have changed by the time the lock is held",
        "Between the test and the lock another thread may change what was tested. Test again under the lock, or test only there.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is GuardBroken { IsWrite: false, Test: TestKind.ThenActed } broken)
        {
            findings.Report(s_descriptor, broken.Location, broken.Data, broken.FieldName, "without", broken.Lock);
        }
        else if (e is AddedLate late)
        {
            findings.Report(s_descriptor, late.Location, [late.Addition], SpokenName.Of(late.Field), "under an earlier hold of", late.Lock);
        }
    }
}
