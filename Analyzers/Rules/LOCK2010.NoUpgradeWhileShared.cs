// A shared holder does not acquire exclusively.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class NoUpgradeWhileShared : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK2010",
        "A lock is acquired exclusively by its shared holder",
        "'{0}' is acquired exclusively while it is held shared",
        "The writer waits for all readers to leave, and is one of them. Acquire it upgradeable, or release it first.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Acquired { Nesting: Nesting.Upgrade, Lock.Name: { } name } acquire)
        {
            findings.Report(s_descriptor, acquire.Location, acquire.Earlier, name);
        }
    }
}
