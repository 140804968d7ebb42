// Work that one body starts and another waits for: what joins the two is the member that keeps the handle.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Summaries;

/// <summary>Immutable: made of the events of all bodies that are analysed together, asked for those of each.</summary>
internal sealed class KeptWork(IEnumerable<LockEvent> events)
{
    private readonly ILookup<(LockMember Handle, LockPath Needs), Location> _needs = events.OfType<WorkKept>().ToLookup(k => (k.Handle, k.Needs), k => k.At);

    /// <summary>The events of a body, with waits for work that needs a lock told as such: that says more than that the wait may take long.</summary>
    public ImmutableArray<LockEvent> Judge(ImmutableArray<LockEvent> events)
    {
        Dictionary<Location, WaitedForWork>? waits = null;
        foreach (WaitedForKept wait in _needs.Count == 0 ? Enumerable.Empty<WaitedForKept>() : events.OfType<WaitedForKept>())
        {
            if (_needs[(wait.Handle, wait.Lock)].OrderBy(l => l.SourceTree?.FilePath, System.StringComparer.Ordinal).ThenBy(l => l.SourceSpan.Start).FirstOrDefault() is { } needs)
            {
                (waits ??= new())[wait.Location] = new WaitedForWork(wait.Location, wait.Name, wait.Acquires, needs);
            }
        }

        return waits is null
            ? events
            : events.RemoveAll(e => waits.ContainsKey(e.Location) && e is WaitedForWork or Blocked { Forbidden: null }).AddRange(waits.Values);
    }
}
