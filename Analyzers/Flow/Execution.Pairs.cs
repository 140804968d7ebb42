// Two objects that were put in order before both were locked: under other names, they are held all the same.
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Locks;
using Locking.Analyzers.Summaries;

namespace Locking.Analyzers.Flow;

internal sealed partial class Execution
{
    /// <summary>Assignments of variables are followed this far.</summary>
    public const int MaxAssignments = 8;

    /// <summary>By slot: what the variable is given anywhere in the body.</summary>
    private ILookup<int, Expr>? _assigned;

    /// <summary>
    /// Whether a lock is one of two that are held through variables which got them in an order: each of the two may be either, and together they are
    /// both. A pair that a callee ordered, or a tuple took, has no names.
    /// </summary>
    private bool IsOneOfOrderedPair(Value value, Mode mode, ImmutableArray<Hold> holds) =>
        (_state.HasUnnamed || holds.Count(h => h.Satisfies(mode) && h.Lock.Value.Root.Kind == ValueKind.Phi) > 1)
        && PairIsOrdered()
        && (_state.HasUnnamed || holds.Count(h => h.Satisfies(mode) && MayBe(h.Lock.Value, value)) > 1);

    private bool MayBe(Value held, Value value) =>
        ReferenceEquals(held, value)
        || (held.Kind == ValueKind.Phi && IsGiven((int)held.Number, value, 0))
        || (held.Member is { } member && ReferenceEquals(member, value.Member) && held.First is { } owner && value.First is { } other && MayBe(owner, other));

    private bool IsGiven(int slot, Value value, int depth)
    {
        _assigned ??= _body.Functions.Insert(0, _body.Main).Where(f => !f.Blocks.IsDefault).SelectMany(Steps.Of).OfType<AssignStep>().ToLookup(a => a.Slot, a => a.Value);
        return depth < MaxAssignments && _assigned[slot].Any(e => IsGiven(e, value, depth + 1));
    }

    private bool IsGiven(Expr given, Value value, int depth) => given switch
    {
        _ when ReferenceEquals(Evaluate(given), value) => true,
        Expr.Slot other => IsGiven(other.Index, value, depth),
        Expr.Member member => ReferenceEquals(member.Symbol, value.Member) && value.First is { } owner && IsGiven(member.Target, owner, depth),
        _ => false,
    };
}
