// Locks are acquired in one order everywhere.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class OrderHasNoCycle : Rule, IProgramRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK3001",
        "Locks are acquired in an order that has a cycle: possible deadlock",
        "'{0}' is acquired{1} while holding '{2}': possible deadlock, for {3}",
        "Two threads that come from different sides of the cycle each hold what the other waits for. Choose one order and keep it everywhere, or do not nest the locks.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public void Check(IReadOnlyList<LockEvent> events, Findings findings)
    {
        // Where a lock is acquired under another in so many words, that is the place to change; calls that lead there are many, and one will do.
        var told = new HashSet<(string, string)>();
        foreach (ImmutableArray<AcquiredUnder> cycle in new LockOrder(events.OfType<AcquiredUnder>(), events.OfType<LockShared>()).Cycles().OrderBy(c => c[0].Via is not null))
        {
            AcquiredUnder edge = cycle[0];
            if (!told.Add((edge.Outer.Class, edge.Inner.Class)) && edge.Via is not null)
            {
                continue;
            }

            IEnumerable<Location> related = cycle.SelectMany(e => e.Outer.Acquires.Add(e.Location).AddRange(e.Calls)).Where(l => l != edge.Location).Distinct();
            findings.Report(s_descriptor, edge.Location, related, new FindingData(edge.Inner.Name), edge.Inner.Name, edge.How, edge.Outer.Name, string.Join(", and ", cycle.Skip(1).Select(Describe)));
        }
    }

    private static string Describe(AcquiredUnder edge) =>
        $"'{Name(edge.Body)}' acquires '{edge.Inner.Name}'{edge.How} while holding '{edge.Outer.Name}'";

    private static string Name(ISymbol member)
    {
        ISymbol named = (member as IMethodSymbol)?.AssociatedSymbol ?? member;
        return named is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor }
            ? named.ContainingType.Name
            : $"{named.ContainingType?.Name}.{named.Name}";
    }
}
