// Objects that nobody else can have yet: made in the body, on whichever way.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Locking.Analyzers.Flow;

internal sealed partial class State
{
    /// <summary>Whether an object was made here and nobody else can have it yet.</summary>
    public bool IsFresh(Value value) => !Escaped.Contains(value) && (value.Kind == ValueKind.New || (value.Kind == ValueKind.Phi && Fresh.Any(f => ReferenceEquals(f.Phi, value))));

    /// <summary>What becomes visible under one name does so under the others.</summary>
    private void EscapeFresh(Value value)
    {
        if (Fresh.IsEmpty)
        {
            return;
        }

        List<(Value Phi, Value New)> same = Fresh.Where(f => ReferenceEquals(f.Phi, value) || ReferenceEquals(f.New, value)).ToList();
        Fresh = Fresh.Except(Fresh.Where(f => same.Any(s => ReferenceEquals(s.Phi, f.Phi))));
        foreach ((_, Value made) in same)
        {
            Escape(made);
        }
    }

    /// <summary>What is fresh on both ways stays so.</summary>
    private ImmutableHashSet<(Value Phi, Value New)> SharedFresh(State other) => ReferenceEquals(Fresh, other.Fresh) || Fresh.IsEmpty
        ? Fresh
        : Fresh.Where(f => other.IsFresh(f.Phi)).Concat(other.Fresh.Where(f => IsFresh(f.Phi))).ToImmutableHashSet();

    /// <summary>What a variable is made of that is new, or nothing, on either way; empty where it may be something else.</summary>
    private IEnumerable<(Value Phi, Value New)> FreshOf(Value mine, Value theirs, Value phi, State other, Conditions conditions)
    {
        if (!IsFresh(mine) && !other.IsFresh(theirs))
        {
            return Enumerable.Empty<(Value, Value)>();
        }

        List<Value>? one = SourcesOf(mine, conditions);
        List<Value>? two = other.SourcesOf(theirs, conditions);
        return one is null || two is null ? Enumerable.Empty<(Value, Value)>() : one.Concat(two).Select(made => (phi, made));
    }

    private List<Value>? SourcesOf(Value value, Conditions conditions) =>
        !IsFresh(value) ? conditions.FactOf(value, this).IsSubsetOf(ValueSet.Zero) ? new List<Value>() : null
        : value.Kind == ValueKind.New ? new List<Value> { value }
        : Fresh.Where(f => ReferenceEquals(f.Phi, value)).Select(f => f.New).ToList();
}
