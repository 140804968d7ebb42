// Where the object came from that a variable leads to: the guarded members that it was read from, on whichever way.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Locking.Analyzers.Flow;

internal sealed partial class State
{
    /// <summary>The guarded members whose object a value may be.</summary>
    public IEnumerable<Value> SourcesOf(Value value) => value.Kind == ValueKind.Phi ? Origins.Where(o => ReferenceEquals(o.Phi, value)).Select(o => o.Source) : Enumerable.Empty<Value>();

    /// <summary>A variable becomes a value of the node where ways meet.</summary>
    private ImmutableHashSet<Origin> WithOrigins(ImmutableHashSet<Origin> origins, Value phi, Value value, State state, ValueTable values)
    {
        Value whole = value.IsEarlier ? value.First! : value;
        foreach (Value source in values.GuardedSource(whole) is { } read ? new[] { read } : state.SourcesOf(whole))
        {
            origins = origins.Add(new Origin(phi, value.IsEarlier ? values.Earlier(source) : source));
        }

        return origins;
    }

    private void ReplaceOrigins(Value old, Value replacement, ValueTable values)
    {
        foreach (Origin origin in Origins.Where(o => o.Phi.Mentions(old) || o.Source.Mentions(old)).ToList())
        {
            var renamed = new Origin(values.Replace(origin.Phi, old, replacement), values.Replace(origin.Source, old, replacement));
            Origins = renamed is { Phi.IsUnknown: false, Source.IsUnknown: false } ? Origins.Remove(origin).Add(renamed) : Origins.Remove(origin);
        }
    }
}
