// Locks are acquired in the declared order.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class DeclaredOrderIsKept : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK3002",
        "Locks are acquired against the declared order",
        "'{0}' is acquired{1} while holding '{2}', and the declared order has '{0}' first",
        "Somebody who keeps the order holds the outer lock and waits for the inner one: both wait for ever. Acquire them in the declared order, or change the declaration.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is AcquiredUnder { IsAgainstDeclaration: true } pair)
        {
            findings.Report(s_descriptor, pair.Location, pair.Outer.Acquires.AddRange(pair.Calls), new FindingData(pair.Inner.Name), pair.Inner.Name, pair.How, pair.Outer.Name);
        }
    }
}
