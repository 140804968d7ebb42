// Objects that nobody else can have yet: made in the body, on whichever way.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Locking.Analyzers.Flow;

internal sealed partial class State
{
    /// <summary>Whether an object was made here and nobody else can have it yet.</summary>
    public bool IsFresh(Value value) => !Escaped.Contains(value) && (value.Kind == ValueKind.New || (value.Kind is ValueKind.Phi or ValueKind.Parameter && Fresh.Any(f => ReferenceEquals(f.Phi, value))));

    /// <summary>A parameter for which every caller passes an object that it has made, and that nobody else can have yet.</summary>
    public void ReceiveNew(Value parameter) => Fresh = Fresh.Add(new NewObject(parameter, parameter));

    /// <summary>What is put into a collection that nobody else has becomes visible with it.</summary>
    public void Contain(Value collection, Value item) => Fresh = Fresh.Add(new NewObject(collection, item));

    /// <summary>What becomes visible under one name does so under the others.</summary>
    private void EscapeFresh(Value value)
    {
        if (Fresh.IsEmpty)
        {
            return;
        }

        List<NewObject> same = Fresh.Where(f => ReferenceEquals(f.Phi, value) || ReferenceEquals(f.New, value)).ToList();
        Fresh = Fresh.Except(Fresh.Where(f => same.Any(s => ReferenceEquals(s.Phi, f.Phi))));
        same.ForEach(s => Escape(s.New));
    }

    /// <summary>What is fresh on both ways stays so.</summary>
    private ImmutableHashSet<NewObject> SharedFresh(State other) => ReferenceEquals(Fresh, other.Fresh)
        ? Fresh
        : Fresh.Where(f => other.IsFresh(f.Phi)).Concat(other.Fresh.Where(f => IsFresh(f.Phi))).ToImmutableHashSet();

    /// <summary>A variable becomes a value of the node where two ways meet; that is new where it was new, or nothing, on both.</summary>
    private ImmutableHashSet<NewObject> WithPhi(ImmutableHashSet<NewObject> fresh, Value phi, Value mine, Value theirs, State other, Conditions conditions)
    {
        ImmutableHashSet<NewObject> rest = Without(fresh, phi);
        return (IsFresh(mine) || other.IsFresh(theirs)) && SourcesOf(mine, conditions) is { } one && other.SourcesOf(theirs, conditions) is { } two
            ? rest.Union(one.Concat(two).Select(made => new NewObject(phi, made)))
            : rest;
    }

    private static ImmutableHashSet<NewObject> Without(ImmutableHashSet<NewObject> fresh, Value phi) =>
        fresh.IsEmpty ? fresh : fresh.Except(fresh.Where(f => ReferenceEquals(f.Phi, phi)));

    /// <summary>The new objects that a value may be, none where it is nothing; null where it may be something else.</summary>
    private List<Value>? SourcesOf(Value value, Conditions conditions) =>
        !IsFresh(value) ? conditions.FactOf(value, this).IsSubsetOf(ValueSet.Zero) ? new List<Value>() : null
        : value.Kind == ValueKind.New ? new List<Value> { value }
        : Fresh.Where(f => ReferenceEquals(f.Phi, value)).Select(f => f.New).ToList();
}
