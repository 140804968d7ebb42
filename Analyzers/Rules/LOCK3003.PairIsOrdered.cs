// Two objects of one lock class are locked in an order that everybody keeps.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class PairIsOrdered : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK3003",
        "Two objects of one lock class are nested with nothing that orders them",
        "'{0}' is acquired{1} while holding '{2}', a lock of the same class, and nothing orders the two",
        "Another thread may nest the same two objects the other way round. Compare something stable of both first and lock the lesser one first, or say with [NestedLock] what orders them.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is AcquiredUnder { IsUnorderedPair: true } pair)
        {
            findings.Report(s_descriptor, pair.Location, pair.Outer.Acquires.AddRange(pair.Calls), pair.Inner.Name, pair.Via is null ? "" : $" in '{pair.Via.Name}'", pair.Outer.Name);
        }
    }
}
