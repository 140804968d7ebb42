// A lock is released in the mode that it was acquired in.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class ReleasedAsAcquired : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK2006",
        "A lock is released in another mode than it was acquired in",
        "'{0}' is held {1} and released as if it were held {2}",
        "The release throws, or leaves the lock in a state that nobody expects.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Released { Verdict: ReleaseVerdict.WrongMode, Lock.Name: { } name } release)
        {
            findings.Report(s_descriptor, release.Location, release.Acquires, name, Word(release.HeldMode), Word(release.Mode));
        }
    }

    private static string Word(Mode mode) => mode switch
    {
        Mode.Shared => "shared",
        Mode.Upgradeable => "upgradeable",
        _ => "exclusively",
    };
}
