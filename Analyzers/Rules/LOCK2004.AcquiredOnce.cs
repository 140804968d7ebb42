// A lock that is not re-entrant is not acquired by its holder.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class AcquiredOnce : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK2004",
        "A lock is acquired by its holder",
        "'{0}' is acquired and already held: a {1} is not re-entrant",
        "The holder waits for itself for ever, or gets an exception.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Acquired { Nesting: Nesting.Deadlock, Lock.Name: { } name } acquire)
        {
            findings.Report(s_descriptor, acquire.Location, acquire.Earlier, name, acquire.Lock.Kind.Word);
        }
    }
}
