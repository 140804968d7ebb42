// A grace period is not waited for inside a read section of the same domain.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class NoGraceWaitInSection : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK5007",
        "Waiting for a grace period inside a read section of the same domain",
        "A grace period of '{0}' is waited for inside one of its sections: it waits for itself",
        "A grace period ends when every section that began before it has ended, and this one ends only afterwards.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is WaitedInside wait)
        {
            findings.Report(s_descriptor, wait.Location, wait.Acquires, wait.Section);
        }
    }
}
