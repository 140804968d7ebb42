// A call must not be made while holding what the callee excludes.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class CallExcludesLock : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK1006",
        "A call is made while holding what the callee excludes",
        "'{0}' is called while holding '{1}', which it excludes",
        "The callee acquires the capability itself, or waits for somebody who needs it.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Excluded call)
        {
            findings.Report(s_descriptor, call.Location, call.Acquires, SpokenName.Of(call.Member), call.Lock);
        }
    }
}
