// A condition is waited for and signalled under its lock, and tested again after each wake-up.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class ConditionIsTestedUnderLock : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK2009",
        "A condition is used without its lock, or waited for without a loop",
        "{0}",
        "Without the lock the call throws. Without a loop a wake-up that was meant for another waiter, or came too late, is taken for the condition.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is not Waited wait)
        {
            return;
        }

        if (!wait.IsHeld)
        {
            findings.Report(s_descriptor, wait.Location, new FindingData(wait.Lock) { Case = "held" }, $"'{wait.Lock}' is {(wait.IsPulse ? "signalled" : "waited on")} without being held");
        }
        else if (!wait.IsPulse && !wait.IsInLoop && (!wait.IsTimed || findings.OptionsAt(wait.Location).Is(Options.TimedWaits, "report")))
        {
            findings.Report(s_descriptor, wait.Location, new FindingData(wait.Lock) { Case = "loop" }, $"The wait on '{wait.Lock}' is not in a loop that tests its condition again");
        }
    }
}
