// A method is not suspended while it holds a lock that belongs to its thread.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class NoAwaitUnderLock : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK4001",
        "await while holding a thread-affine lock",
        "await while holding '{0}': a {1} must be released by the thread that acquired it",
        "The rest of the method may run on another thread, which cannot release the lock; until then everybody waits.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Awaited { Held: var held })
        {
            foreach ((NamedLock @lock, var acquires) in held)
            {
                if (@lock is { Name: { } name, Kind.ThreadAffine: true })
                {
                    findings.Report(s_descriptor, e.Location, acquires, new FindingData(name), name, @lock.Kind.Word);
                    return;
                }
            }
        }
    }
}
