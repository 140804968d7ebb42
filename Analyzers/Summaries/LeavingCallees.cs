// Callees that leave a lock held and are told so: their callers are not told it again.
using System.Collections.Generic;
using System.Linq;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Summaries;

/// <summary>Immutable: made of the events of all bodies that are analysed together, asked for those of each.</summary>
internal sealed class LeavingCallees
{
    private readonly HashSet<(ISymbol Method, object Lock)> _left = new();

    /// <param name="results">What the analysis found.</param>
    /// <param name="facades">A leak that these explain is told nobody.</param>
    public LeavingCallees(IEnumerable<(MemberCode Member, FlowResult? Result)> results, LockFacades facades)
    {
        foreach ((MemberCode member, FlowResult? result) in results)
        {
            foreach (Leaked leak in result?.Events.OfType<Leaked>().Where(l => !l.OnlyByThrow && !facades.Explain(member, l)) ?? Enumerable.Empty<Leaked>())
            {
                if (LockFacades.KeyOf(leak.Which) is { } key)
                {
                    _left.Add((member.Symbol.OriginalDefinition, key));
                }
            }
        }
    }

    /// <summary>Whether what an event says is told of the callee.</summary>
    public bool Explain(LockEvent e) =>
        _left.Count > 0 && e is Leaked { Callee: { } callee } leak && LockFacades.KeyOf(leak.Which) is { } key && _left.Contains((callee, key));
}
