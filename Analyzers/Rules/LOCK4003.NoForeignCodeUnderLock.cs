// Code that is not in sight is not called while a lock is held.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class NoForeignCodeUnderLock : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK4003",
        "Foreign code is called while holding a lock",
        "{0} is called while '{1}' is held, and nobody here knows what it locks",
        "The callee may acquire locks in another order, call back, or take its time. Copy what it needs and call it after the lock is released.",
        DiagnosticSeverity.Info);

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is ForeignCalled { Lock.Name: { } name } call)
        {
            findings.Report(s_descriptor, call.Location, call.Acquires, char.ToUpperInvariant(call.What[0]) + call.What.Substring(1), name);
        }
    }
}
