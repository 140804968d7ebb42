// What a branch tells: facts about values, refined by tests and read back by later ones.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Locking.Analyzers.Flow;

/// <summary>
/// A condition that was met is remembered for the values it was about, and values never change; so a second test of an unmodified
/// variable goes the same way as the first.
/// </summary>
internal sealed class Conditions
{
    /// <summary>More alternatives than this are not kept in one state: what two tests of a body say together, tests far apart seldom ask again.</summary>
    public const int MaxAlternatives = 16;

    private bool _hasAlternatives;

    /// <summary>What a value can be on the paths of a state.</summary>
    public ValueSet FactOf(Value value, State state)
    {
        switch (value.Kind)
        {
            case ValueKind.Number:
                return ValueSet.Of(value.Number);
            case ValueKind.This or ValueKind.New or ValueKind.Text or ValueKind.TypeOf or ValueKind.Boxed or ValueKind.Function or ValueKind.MethodGroup:
                return ValueSet.NonZero;
            case ValueKind.Unknown:
                return ValueSet.All;
        }

        ValueSet known = state.Fact(value) ?? (LeadsToAcquired(value, state) ? ValueSet.NonZero : ValueSet.All);
        if (value.Kind != ValueKind.Operation || value.Operator == Operator.Other)
        {
            return known;
        }

        return Decide(value, state) switch
        {
            true => known.Intersect(ValueSet.Of(1)),
            false => known.Intersect(ValueSet.Zero),
            null => known,
        };
    }

    /// <summary>What a lock was acquired through is there: getting to the lock would have thrown.</summary>
    private static bool LeadsToAcquired(Value value, State state)
    {
        foreach (Hold hold in state.Holds)
        {
            for (Value? part = hold.Origin == HoldOrigin.Acquired ? hold.Lock.Value : null; part is not null; part = part.Kind is ValueKind.Member or ValueKind.Element ? part.First : null)
            {
                if (ReferenceEquals(part, value))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Restricts a state to the paths on which a condition has an outcome; false where there are none.</summary>
    public bool Assume(Value condition, bool outcome, State state)
    {
        if (condition.IsUnknown)
        {
            return true;
        }

        if (condition.Kind != ValueKind.Operation)
        {
            return Narrow(condition, outcome ? ValueSet.NonZero : ValueSet.Zero, state);
        }

        bool possible = condition.Operator switch
        {
            Operator.Not => Assume(condition.First!, !outcome, state),
            Operator.And => Both(condition, outcome, state),
            Operator.Or => Either(condition, outcome, state),
            Operator.Equal => Equal(condition.First!, condition.Second!, outcome, state),
            Operator.Less => Less(condition.First!, condition.Second!, orEqual: false, outcome, state),
            Operator.LessOrEqual => Less(condition.First!, condition.Second!, orEqual: true, outcome, state),
            Operator.IsType => !outcome || Narrow(condition.First!, ValueSet.NonZero, state),
            _ => true,
        };
        return possible && Narrow(condition, outcome ? ValueSet.NonZero : ValueSet.Zero, state);
    }

    private bool? Decide(Value condition, State state)
    {
        if (condition.Kind != ValueKind.Operation || condition.Operator == Operator.Other)
        {
            ValueSet fact = FactOf(condition, state);
            return !fact.Contains(0) ? true : fact.IsSubsetOf(ValueSet.Zero) ? false : null;
        }

        bool? first;
        switch (condition.Operator)
        {
            case Operator.Not:
                return Decide(condition.First!, state) is { } inner ? !inner : null;
            case Operator.And:
                first = Decide(condition.First!, state);
                return first == false ? false : Decide(condition.Second!, state) is { } second ? second ? first : false : null;
            case Operator.Or:
                first = Decide(condition.First!, state);
                return first == true ? true : Decide(condition.Second!, state) is { } other ? other ? true : first : null;
            case Operator.Equal when condition.Second!.Kind == ValueKind.Number:
                ValueSet fact = FactOf(condition.First!, state);
                return !fact.Contains(condition.Second.Number) ? false : fact.IsSubsetOf(ValueSet.Of(condition.Second.Number)) ? true : Recorded(condition, state);
            default:
                return Recorded(condition, state);
        }
    }

    private static bool? Recorded(Value condition, State state) =>
        state.Fact(condition) is { } fact ? !fact.Contains(0) ? true : fact.IsSubsetOf(ValueSet.Zero) ? false : null : null;

    private bool Both(Value condition, bool outcome, State state)
    {
        if (outcome)
        {
            return Assume(condition.First!, true, state) && Assume(condition.Second!, true, state);
        }

        return (Decide(condition.First!, state), Decide(condition.Second!, state)) switch
        {
            (true, true) => false,
            (true, _) => Assume(condition.Second!, false, state),
            (_, true) => Assume(condition.First!, false, state),
            _ => true,
        };
    }

    private bool Either(Value condition, bool outcome, State state)
    {
        if (!outcome)
        {
            return Assume(condition.First!, false, state) && Assume(condition.Second!, false, state);
        }

        return (Decide(condition.First!, state), Decide(condition.Second!, state)) switch
        {
            (false, false) => false,
            (false, _) => Assume(condition.Second!, true, state),
            (_, false) => Assume(condition.First!, true, state),
            _ => true,
        };
    }

    private bool Equal(Value left, Value right, bool outcome, State state)
    {
        if (right.Kind != ValueKind.Number)
        {
            return !outcome || !FactOf(left, state).Intersect(FactOf(right, state)).IsEmpty;
        }

        // A test of a test: (a < b) == true.
        if (left is { Kind: ValueKind.Operation, Operator: not Operator.Other } && right.Number is 0 or 1)
        {
            return Assume(left, outcome == (right.Number == 1), state);
        }

        ValueSet equal = ValueSet.Of(right.Number);
        return Narrow(left, outcome ? equal : equal.Complement(), state);
    }

    private bool Less(Value left, Value right, bool orEqual, bool outcome, State state)
    {
        if (right.Kind == ValueKind.Number)
        {
            ValueSet below = orEqual ? ValueSet.Above(right.Number).Complement() : ValueSet.Below(right.Number);
            return Narrow(left, outcome ? below : below.Complement(), state);
        }

        if (left.Kind == ValueKind.Number)
        {
            ValueSet above = orEqual ? ValueSet.Below(left.Number).Complement() : ValueSet.Above(left.Number);
            return Narrow(right, outcome ? above : above.Complement(), state);
        }

        return true;
    }

    private bool Narrow(Value value, ValueSet to, State state)
    {
        // Two that look the same in what is known of them need not be.
        if (value.IsUnknown || value.IsPartlyUnknown)
        {
            return true;
        }

        ValueSet narrowed = FactOf(value, state).Intersect(to);
        if (narrowed.IsEmpty)
        {
            return false;
        }

        if (value.Kind is not (ValueKind.Number or ValueKind.This or ValueKind.New))
        {
            bool isNews = _hasAlternatives && value.Operator != Operator.Or && !narrowed.Equals(state.Fact(value) ?? ValueSet.All);
            state.SetFact(value, narrowed);
            return !isNews || KeepsAlternatives(value, state);
        }

        return true;
    }

    /// <summary>Where one of two alternatives is out, the other is so.</summary>
    private bool KeepsAlternatives(Value value, State state)
    {
        foreach (KeyValuePair<Value, ValueSet> fact in state.Facts)
        {
            if (IsAlternative(fact.Key) && fact.Key.Mentions(value) && !fact.Value.Contains(0) && !Either(fact.Key, outcome: true, state))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// What two states that become one say of different variables stays known as alternatives: on each way past <c>if (first &amp;&amp; second)</c> one of
    /// the two is false.
    /// </summary>
    public ImmutableDictionary<Value, ValueSet> WithAlternatives(ImmutableDictionary<Value, ValueSet> shared, State one, State other, ValueTable values)
    {
        int room = _hasAlternatives ? MaxAlternatives - shared.Count(f => IsAlternative(f.Key)) : MaxAlternatives;
        shared = WithAlternativesTo(shared, one, other, values, ref room);
        return WithAlternativesTo(shared, other, one, values, ref room);
    }

    private static bool IsAlternative(Value value) => value is { Kind: ValueKind.Operation, Operator: Operator.Or };

    private ImmutableDictionary<Value, ValueSet> WithAlternativesTo(ImmutableDictionary<Value, ValueSet> shared, State one, State other, ValueTable values, ref int room)
    {
        foreach (KeyValuePair<Value, ValueSet> fact in room > 0 ? one.Facts.OrderByDescending(f => f.Key.Id) : Enumerable.Empty<KeyValuePair<Value, ValueSet>>())
        {
            if (IsTest(fact.Key) && IsDecided(fact.Value) && FactOf(fact.Key, other) is var opposite && IsDecided(opposite) && opposite.Contains(0) != fact.Value.Contains(0))
            {
                shared = WithAlternatives(shared, Literal(fact.Key, fact.Value, values), one, other, values, ref room);
                shared = WithAlternatives(shared, Literal(fact.Key, opposite, values), other, one, values, ref room);
            }
        }

        return shared;
    }

    /// <param name="mine">True in the one state, and false in the other.</param>
    private ImmutableDictionary<Value, ValueSet> WithAlternatives(ImmutableDictionary<Value, ValueSet> shared, Value mine, State one, State other, ValueTable values, ref int room)
    {
        foreach (KeyValuePair<Value, ValueSet> theirs in room > 0 ? other.Facts.OrderByDescending(f => f.Key.Id) : Enumerable.Empty<KeyValuePair<Value, ValueSet>>())
        {
            if (room > 0 && IsTest(theirs.Key) && !mine.Mentions(theirs.Key) && IsDecided(theirs.Value) && !IsDecided(FactOf(theirs.Key, one))
                && values.Operation(Operator.Or, mine, Literal(theirs.Key, theirs.Value, values), null) is { IsUnknown: false, IsPartlyUnknown: false } alternative)
            {
                room -= shared.ContainsKey(alternative) ? 0 : 1;
                shared = shared.SetItem(alternative, ValueSet.NonZero);
                _hasAlternatives = true;
            }
        }

        return shared;
    }

    /// <summary>What a condition asks: a variable, a comparison, or one of several.</summary>
    private static bool IsTest(Value value) => value.Kind is ValueKind.Parameter or ValueKind.Member or ValueKind.Result || (value.Kind == ValueKind.Operation && value.Operator is not (Operator.Other or Operator.And or Operator.Not));

    private static bool IsDecided(ValueSet fact) => !fact.Contains(0) || fact.IsSubsetOf(ValueSet.Zero);

    private static Value Literal(Value test, ValueSet fact, ValueTable values) => fact.Contains(0) ? values.Operation(Operator.Not, test, null, null) : test;
}
