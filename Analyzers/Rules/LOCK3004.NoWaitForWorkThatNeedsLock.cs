// A holder of a lock does not wait for work that needs the lock.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class NoWaitForWorkThatNeedsLock : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK3004",
        "Waiting for work that needs a lock which is held",
        "This waits for work that acquires '{0}', which is held here",
        "The work waits for the lock, and the holder of the lock waits for the work. Release the lock before waiting.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is WaitedForWork wait)
        {
            findings.Report(s_descriptor, wait.Location, wait.Acquires.Add(wait.Needs), wait.Lock);
        }
    }
}
