// Where ways meet: what tells states apart, and how those that hold the same become one.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;

namespace Locking.Analyzers.Flow;

internal sealed partial class State
{
    /// <summary>Whether two states hold the same: the same locks as often and in the same modes, through the same guards.</summary>
    public bool HoldsSameAs(State other)
    {
        bool sameGuards = Guards == other.Guards || HoldingGuards().SequenceEqual(other.HoldingGuards());
        return IsDeferred == other.IsDeferred && (Holds == other.Holds || HoldsSame(Holds, other.Holds)) && sameGuards && Pending.Length == other.Pending.Length && Scopes.Length == other.Scopes.Length;
    }

    private static bool HoldsSame(ImmutableArray<Hold> mine, ImmutableArray<Hold> theirs)
    {
        int j = 0;
        foreach (Hold hold in mine)
        {
            if (hold.IsCompletion)
            {
                continue;
            }

            while (j < theirs.Length && theirs[j].IsCompletion)
            {
                j++;
            }

            if (j == theirs.Length || !hold.SameAs(theirs[j++]))
            {
                return false;
            }
        }

        while (j < theirs.Length && theirs[j].IsCompletion)
        {
            j++;
        }

        return j == theirs.Length;
    }

    /// <summary>
    /// Takes in another state that holds the same and arrives at the same node. A variable that the two disagree on becomes a value of that node.
    /// Returns whether anything changed.
    /// </summary>
    public bool Merge(State other, Node node, ValueTable values, Conditions conditions)
    {
        bool changed = false;
        changed |= MergeGivenUp(other, conditions);
        ImmutableDictionary<Value, ValueSet> facts = SharedFacts(other, conditions, values);
        ImmutableHashSet<NewObject> fresh = SharedFresh(other);
        ImmutableHashSet<Origin> origins = Origins.IsEmpty ? other.Origins : Origins.Union(other.Origins);
        Value?[]? before = Slots.Any(s => s is { Kind: ValueKind.Member or ValueKind.Element }) ? (Value?[])Slots.Clone() : null;
        for (int i = 0; i < Slots.Length; i++)
        {
            Value? mine = Slots[i];
            if (mine is null || ReferenceEquals(mine, other.Slots[i]))
            {
                continue;
            }

            if (other.Slots[i] is not { } theirs)
            {
                // Assigned on one way only: the language does not let it be read before it is assigned again.
                Slots[i] = null;
                changed = true;
                continue;
            }

            Value phi = (before is null ? null : PartOfMerged(before, other.Slots, mine, theirs, node, values)) ?? values.Phi(node, i);
            ValueSet fact = conditions.FactOf(mine, this).Union(conditions.FactOf(theirs, other));
            facts = fact.IsAll ? facts.Remove(phi) : facts.SetItem(phi, fact);
            changed |= !ReferenceEquals(mine, phi);
            fresh = WithPhi(fresh, phi, mine, theirs, other, conditions);
            origins = WithOrigins(WithOrigins(origins, phi, mine, this, values), phi, theirs, other, values);
            Slots[i] = phi;
        }

        changed |= !SameFacts(facts) | !Fresh.SetEquals(fresh) | Origins.Count != origins.Count;
        Facts = facts;
        Fresh = fresh;
        Origins = origins;
        return changed | MergeHeap(other, values) | MergeRest(other);
    }

    /// <summary>
    /// A variable that is on both ways the same part of what another variable is: <c>gate = link.Gate</c>, <c>gate = table[i].Gate</c>. It stays that
    /// part; null where it is something else.
    /// </summary>
    private static Value? PartOfMerged(Value?[] mine, Value?[] theirs, Value one, Value two, Node node, ValueTable values)
    {
        if (one is { Kind: ValueKind.Member, Member: { } member } && ReferenceEquals(member, two.Member) && two.Kind == ValueKind.Member)
        {
            return Merged(mine, theirs, one.First!, two.First!, node, values) is { } owner ? values.Member(owner, member) : null;
        }

        return one.Kind == ValueKind.Element && two.Kind == ValueKind.Element
            && Merged(mine, theirs, one.First!, two.First!, node, values) is { } array
            && Merged(mine, theirs, one.Second!, two.Second!, node, values) is { } index
                ? values.Element(array, index)
                : null;
    }

    private static Value? Merged(Value?[] mine, Value?[] theirs, Value one, Value two, Node node, ValueTable values)
    {
        if (ReferenceEquals(one, two))
        {
            return one;
        }

        if (PartOfMerged(mine, theirs, one, two, node, values) is { } part)
        {
            return part;
        }

        for (int i = 0; i < mine.Length; i++)
        {
            if (ReferenceEquals(mine[i], one) && ReferenceEquals(theirs[i], two))
            {
                return values.Phi(node, i);
            }
        }

        return null;
    }

    /// <summary>
    /// Prepares a state for a node on a cycle. What was computed from a variable's value at that node is that variable's next value there, and
    /// mentions of the earlier one become mentions of a former value; so values do not grow with the turns of a loop.
    /// </summary>
    /// <param name="comesBack">Whether the edge closes the cycle.</param>
    /// <param name="known">The states that arrived before.</param>
    public void Arrive(Node node, bool comesBack, IReadOnlyList<State> known, ValueTable values, Conditions conditions)
    {
        List<(int Slot, Value Phi, ValueSet Fact)>? renewed = null;
        for (int i = 0; i < Slots.Length; i++)
        {
            if (Slots[i] is not { } value)
            {
                continue;
            }

            Value phi = values.Phi(node, i);
            bool grows = comesBack && (MentionsPhiOf(value, node, i) || IsComputed(value) || known.Any(s => LeadsOn(s.Slots[i], value))) && !known.Any(s => ReferenceEquals(s.Slots[i], value));
            if (grows)
            {
                (renewed ??= new()).Add((i, phi, conditions.FactOf(value, this)));
            }
            else if (!ReferenceEquals(value, phi) && known.Any(s => ReferenceEquals(s.Slots[i], phi)))
            {
                Retire(phi, values);
            }
        }

        if (renewed is not null)
        {
            Renew(renewed, values);
        }
    }

    /// <summary>Prepares a state for the head of a loop that is run through once: what changes on cycles is not known there.</summary>
    public void Widen(Node node, IEnumerable<int> changing, ValueTable values)
    {
        foreach (int slot in changing)
        {
            if (slot < Slots.Length && Slots[slot] is not null)
            {
                Value phi = values.Phi(node, slot);
                Slots[slot] = phi;
                Fresh = Without(Fresh, phi);
            }
        }
    }

    /// <summary>All at once, for one variable's next value may be another's last: <c>previous = current; current = current.Next</c>.</summary>
    private void Renew(List<(int Slot, Value Phi, ValueSet Fact)> renewed, ValueTable values)
    {
        foreach ((_, Value phi, _) in renewed)
        {
            Retire(phi, values, forget: false);
        }

        foreach ((int slot, Value phi, ValueSet fact) in renewed)
        {
            if (Slots[slot] is { IsUnknown: false } value && !ReferenceEquals(value, phi))
            {
                ImmutableHashSet<Origin> origins = WithOrigins(Origins, phi, value, this, values);
                Replace(value, phi, values);
                Origins = Origins.Union(origins);
            }

            Slots[slot] = phi;
            SetFact(phi, fact);
        }

        foreach ((_, Value phi, _) in renewed)
        {
            ForgetUnreachable(values.Former(phi), values);
        }
    }

    /// <summary>
    /// The operation that yields a value is about to run again: what mentions the value means the one of the turn before. A lock that no
    /// variable leads to any more is lost: it is held, and cannot be named.
    /// </summary>
    public void Retire(Value value, ValueTable values, bool forget = true)
    {
        if (!Mentions(value))
        {
            return;
        }

        Value former = values.Former(value);
        Replace(former, values.Unknown, values);
        Replace(value, former, values);
        if (forget)
        {
            ForgetUnreachable(former, values);
        }
    }

    private void ForgetUnreachable(Value former, ValueTable values)
    {
        if (!Slots.Any(s => s?.Mentions(former) == true) && !Heap.Any(c => c.Value.Mentions(former)))
        {
            Replace(former, values.Unknown, values);
        }
    }

    private static bool MentionsPhiOf(Value value, Node node, int slot) => value.Kind switch
    {
        ValueKind.Phi => ReferenceEquals(value.Data, node) && value.Number != slot,
        _ => value.First is not null && (MentionsPhiInside(value.First, node) || (value.Second is not null && MentionsPhiInside(value.Second, node))),
    };

    private static bool MentionsPhiInside(Value value, Node node) =>
        (value.Kind == ValueKind.Phi && ReferenceEquals(value.Data, node))
        || (value.First is not null && MentionsPhiInside(value.First, node))
        || (value.Second is not null && MentionsPhiInside(value.Second, node));

    /// <summary>A walk along a structure: what a variable is now was reached from what it was the turn before.</summary>
    private static bool LeadsOn(Value? before, Value value)
    {
        for (Value? current = value; before is not null && current is { Kind: ValueKind.Member or ValueKind.Element }; current = current.First)
        {
            if (ReferenceEquals(current.First, before))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Arithmetic makes a new value each turn. What a call writes is one of each call, as what it returns is.</summary>
    private static bool IsComputed(Value value) => value is { Kind: ValueKind.Operation, Operator: Operator.Other, Data: OperationDetail { Detail: not Execution.Written } };

    private bool Mentions(Value value) =>
        Slots.Any(s => s?.Mentions(value) == true)
        || Holds.Any(h => h.Lock.Value.Mentions(value))
        || Facts.Keys.Any(k => k.Mentions(value))
        || Heap.Any(c => c.Value.Mentions(value) || c.Owner?.Mentions(value) == true)
        || Guards.Any(g => g.Guard.Mentions(value) || g.Locks.Any(l => l.Lock.Value.Mentions(value)))
        || Pending.Any(p => p.Task.Mentions(value))
        || Partings.Any(p => p.Flag.Mentions(value))
        || Escaped.Contains(value)
        || Fresh.Any(f => f.Phi.Mentions(value) || f.New.Mentions(value))
        || Origins.Any(o => o.Phi.Mentions(value) || o.Source.Mentions(value))
        || FailedChecks.Any(c => c.Item2.Mentions(value))
        || Graces.Keys.Any(v => v.Mentions(value))
        || Owned.Any(v => v.Mentions(value))
        || Works.Keys.Any(v => v.Mentions(value))
        || GivenUp.Any(l => l.Value.Mentions(value));

    private void Replace(Value old, Value replacement, ValueTable values)
    {
        for (int i = 0; i < Slots.Length; i++)
        {
            Slots[i] = Slots[i] is { } value ? values.Replace(value, old, replacement) : null;
        }

        foreach (Value key in Facts.Keys.Where(k => k.Mentions(old)).ToList())
        {
            ValueSet fact = Facts[key];
            Facts = Facts.Remove(key);
            Value renamed = values.Replace(key, old, replacement);
            if (!renamed.IsUnknown)
            {
                SetFact(renamed, fact);
            }
        }

        Heap = Heap.Select(c => new HeapCell(c.Owner is null ? null : values.Replace(c.Owner, old, replacement), c.Member, values.Replace(c.Value, old, replacement)))
            .Where(c => c.Owner is not { IsUnknown: true })
            .ToImmutableArray();
        ReplaceHolds(old, replacement, values);
        Guards = Guards.Select(g => g with
            {
                Guard = values.Replace(g.Guard, old, replacement),
                Locks = g.Locks.Select(l => l with { Lock = l.Lock with { Value = values.Replace(l.Lock.Value, old, replacement) } }).ToImmutableArray(),
            })
            .Where(g => !g.Guard.IsUnknown && g.Locks.All(l => !l.Lock.Value.IsUnknown))
            .ToImmutableArray();
        Pending = Pending.RemoveAll(p => p.Task.Mentions(old));
        Partings = Partings.RemoveAll(p => p.Flag.Mentions(old));
        FailedChecks = FailedChecks.Where(c => !c.Item2.Mentions(old) && !c.Item1.Value.Mentions(old)).ToImmutableHashSet();
        Graces = Graces.RemoveRange(Graces.Keys.Where(v => v.Mentions(old)));
        Owned = Owned.Except(Owned.Where(v => v.Mentions(old)));
        Works = Works.RemoveRange(Works.Keys.Where(v => v.Mentions(old)));
        GivenUp = GivenUp.Except(GivenUp.Where(l => l.Value.Mentions(old)));
        Escaped = Escaped.Remove(old);
        Fresh = Fresh.Except(Fresh.Where(f => f.Phi.Mentions(old) || f.New.Mentions(old)));
        ReplaceOrigins(old, replacement, values);
    }

    private void ReplaceHolds(Value old, Value replacement, ValueTable values)
    {
        foreach (Hold hold in Holds.Where(h => h.Lock.Value.Mentions(old)).ToList())
        {
            Remove(hold.Lock);
            Value renamed = values.Replace(hold.Lock.Value, old, replacement);
            if (!renamed.IsUnknown)
            {
                Set(hold with { Lock = hold.Lock with { Value = renamed } });
            }
            else
            {
                Lost = Lost.Add(hold.Lock.Family);
            }
        }
    }

    private IEnumerable<Value> HoldingGuards() => Guards.Where(g => g.IsHolding).Select(g => g.Guard).OrderBy(g => g.Id);

    private ImmutableDictionary<Value, ValueSet> SharedFacts(State other, Conditions conditions, ValueTable values)
    {
        if (ReferenceEquals(Facts, other.Facts))
        {
            return Facts;
        }

        ImmutableDictionary<Value, ValueSet>.Builder shared = ImmutableDictionary.CreateBuilder<Value, ValueSet>();
        foreach (KeyValuePair<Value, ValueSet> fact in Facts)
        {
            ValueSet union = fact.Value.Union(conditions.FactOf(fact.Key, other));
            if (!union.IsAll)
            {
                shared[fact.Key] = union;
            }
        }

        return conditions.WithAlternatives(shared.ToImmutable(), this, other, values);
    }

    private bool SameFacts(ImmutableDictionary<Value, ValueSet> facts)
    {
        if (ReferenceEquals(Facts, facts))
        {
            return true;
        }

        return Facts.Count == facts.Count && Facts.All(f => facts.TryGetValue(f.Key, out ValueSet fact) && fact.Equals(f.Value));
    }

    private bool MergeHeap(State other, ValueTable values)
    {
        if (Heap == other.Heap)
        {
            return false;
        }

        ImmutableArray<HeapCell> before = Heap;
        foreach (HeapCell cell in before)
        {
            Value? theirs = other.Stored(cell.Owner, cell.Member);
            if (!ReferenceEquals(theirs, cell.Value))
            {
                Store(cell.Owner, cell.Member, values.Unknown);
            }
        }

        foreach (HeapCell cell in other.Heap)
        {
            if (Stored(cell.Owner, cell.Member) is null)
            {
                Store(cell.Owner, cell.Member, values.Unknown);
            }
        }

        return !before.SequenceEqual(Heap);
    }

    /// <summary>What did not happen on one of the ways did not happen.</summary>
    private bool MergeLifetimes(State other)
    {
        bool changed = Grow(Owned, other.Owned, out ImmutableHashSet<Value> owned) | Grow(FailedChecks, other.FailedChecks, out ImmutableHashSet<(LockId, Value)> failed);
        Owned = owned;
        FailedChecks = failed;
        if (ReferenceEquals(Graces, other.Graces))
        {
            return changed;
        }

        foreach (Value value in Graces.Keys.Concat(other.Graces.Keys).ToList())
        {
            Grace mine = Graces.TryGetValue(value, out Grace known) ? known : Grace.Unpublished;
            Grace theirs = other.Graces.TryGetValue(value, out Grace arriving) ? arriving : Grace.Unpublished;
            Grace worse = mine < theirs ? mine : theirs;
            if (!Graces.ContainsKey(value) || worse != mine)
            {
                Graces = Graces.SetItem(value, worse);
                changed = true;
            }
        }

        return changed;
    }

    private bool MergeRest(State other)
    {
        bool changed = Grow(Escaped, other.Escaped, out ImmutableHashSet<Value> escaped)
            | Grow(Lost, other.Lost, out ImmutableHashSet<object> lost)
            | Grow(Doubtful, other.Doubtful, out ImmutableHashSet<LockId> doubtful);
        Escaped = escaped;
        Lost = lost;
        Doubtful = doubtful;
        return changed | MergePartings(other) | MergeLifetimes(other) | MergeWorks(other) | MergeGuards(other) | MergeHolds(other);
    }

    private bool MergePartings(State other)
    {
        int before = Partings.Length;
        Partings = Partings == other.Partings ? Partings : Partings.RemoveAll(p => !other.Partings.Contains(p));
        return Partings.Length != before;
    }

    private static bool Grow<T>(ImmutableHashSet<T> mine, ImmutableHashSet<T> theirs, out ImmutableHashSet<T> union)
    {
        union = ReferenceEquals(mine, theirs) || theirs.IsEmpty ? mine : mine.IsEmpty ? theirs : mine.Union(theirs);
        return union.Count != mine.Count;
    }

    /// <summary>Of what is not there on one of the ways nothing was held there, and nothing is left.</summary>
    private bool MergeGivenUp(State other, Conditions conditions)
    {
        if (ReferenceEquals(GivenUp, other.GivenUp) || (GivenUp.IsEmpty && other.GivenUp.IsEmpty))
        {
            return false;
        }

        ImmutableHashSet<LockId> before = GivenUp;
        GivenUp = before.Where(l => other.GivenUp.Contains(l) || other.IsNothing(l, conditions))
            .Concat(other.GivenUp.Where(l => !before.Contains(l) && IsNothing(l, conditions)))
            .ToImmutableHashSet();
        return !GivenUp.SetEquals(before);
    }

    /// <summary>The object that has the lock is null.</summary>
    private bool IsNothing(LockId @lock, Conditions conditions) => @lock.Value.First is { } owner && conditions.FactOf(owner, this).IsSubsetOf(ValueSet.Zero);

    private bool MergeWorks(State other)
    {
        bool changed = false;
        foreach (KeyValuePair<Value, Value> theirs in ReferenceEquals(Works, other.Works) ? ImmutableDictionary<Value, Value>.Empty : other.Works)
        {
            if (!Works.ContainsKey(theirs.Key))
            {
                Works = Works.SetItem(theirs.Key, theirs.Value);
                changed = true;
            }
        }

        return changed;
    }

    private bool MergeGuards(State other)
    {
        bool changed = false;
        foreach (Binding theirs in Guards == other.Guards ? ImmutableArray<Binding>.Empty : other.Guards)
        {
            if (Guard(theirs.Guard) is null)
            {
                Guards = Guards.Add(theirs);
                changed = true;
            }
        }

        return changed;
    }

    /// <summary>The two hold the same, perhaps from different places.</summary>
    private bool MergeHolds(State other)
    {
        bool changed = false;
        foreach (Hold theirs in Outer == other.Outer ? ImmutableArray<Hold>.Empty : other.Outer)
        {
            if (!Outer.Any(h => h.Lock == theirs.Lock))
            {
                Outer = Outer.Add(theirs);
                changed = true;
            }
        }

        int before = Holds.Length;
        Holds = Holds.RemoveAll(h => h.IsCompletion && other.Find(h.Lock) is null);
        changed |= Holds.Length != before;
        for (int i = 0; i < Holds.Length && Holds != other.Holds; i++)
        {
            Hold joined = Holds[i].WithSitesOf(other.Find(Holds[i].Lock)!);
            if (joined.Sites.Length != Holds[i].Sites.Length)
            {
                Holds = Holds.SetItem(i, joined);
                changed = true;
            }
        }

        return changed;
    }
}
