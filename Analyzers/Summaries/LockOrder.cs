// The graph of lock classes: which is acquired under which, and where that closes a circle.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Locking.Analyzers.Flow;

namespace Locking.Analyzers.Summaries;

/// <summary>
/// After Linux lockdep: classes instead of objects, so that one run through each order is enough. Two orders that are only ever taken under
/// a common outer lock cannot meet, and do not count as a circle.
/// </summary>
internal sealed class LockOrder
{
    /// <summary>Circles of more locks than this are not looked for: nobody could read them.</summary>
    public const int MaxCycle = 6;

    /// <summary>Steps that the search for one edge's circle may take.</summary>
    public const int MaxSearch = 20_000;

    private readonly ImmutableArray<AcquiredUnder> _edges;
    private readonly Dictionary<string, List<AcquiredUnder>> _from = new();
    private readonly Dictionary<string, int> _component;

    /// <param name="edges">
    /// In a fixed order; of several edges between two classes all count. One that goes against the declared order is told as that, and those
    /// that keep the order are not to blame for the circle that it closes.
    /// </param>
    /// <param name="shared">Locks that parts were given by their owners: acquired under each other, they may be one.</param>
    public LockOrder(IEnumerable<AcquiredUnder> edges, IEnumerable<LockShared> shared)
    {
        ILookup<string, string> others = shared.ToLookup(s => s.Own, s => s.Other);
        List<AcquiredUnder> all = edges.ToList();
        var classes = new HashSet<string>(all.SelectMany(e => new[] { e.Outer.Class, e.Inner.Class }));
        _edges = all.SelectMany(e => Spellings(e, classes)).Where(e => e.Outer.Class != e.Inner.Class && !e.IsAgainstDeclaration && !AreShared(e.Outer.Class, e.Inner.Class)).ToImmutableArray();
        foreach (AcquiredUnder edge in _edges)
        {
            if (!_from.TryGetValue(edge.Outer.Class, out List<AcquiredUnder>? outgoing))
            {
                _from[edge.Outer.Class] = outgoing = new List<AcquiredUnder>();
            }

            outgoing.Add(edge);
        }

        _component = Components();

        bool AreShared(string one, string other) => others[one].Contains(other) || others[other].Contains(one) || others[one].Intersect(others[other]).Any();
    }

    /// <summary>
    /// An object that one type locks through a field, and another as it is, or itself, is of both classes. Two of one type may be the same.
    /// </summary>
    private static IEnumerable<AcquiredUnder> Spellings(AcquiredUnder edge, HashSet<string> classes)
    {
        yield return edge;
        if (edge.Outer.ObjectClass is { } outer && outer != edge.Inner.ObjectClass && classes.Contains(outer))
        {
            yield return edge with { Outer = edge.Outer with { Class = outer } };
        }

        if (edge.Inner.ObjectClass is { } inner && inner != edge.Outer.ObjectClass && classes.Contains(inner))
        {
            yield return edge with { Inner = edge.Inner with { Class = inner } };
        }
    }

    /// <summary>Every edge that lies on a circle, each with a shortest one: the edge first, then those that lead back.</summary>
    public IEnumerable<ImmutableArray<AcquiredUnder>> Cycles()
    {
        foreach (AcquiredUnder edge in _edges.Where(e => _component[e.Outer.Class] == _component[e.Inner.Class]))
        {
            for (int length = 2; length <= MaxCycle; length++)
            {
                int budget = MaxSearch;
                if (Search(ImmutableArray.Create(edge), length, ref budget) is { } cycle)
                {
                    yield return cycle;
                    break;
                }
            }
        }
    }

    private ImmutableArray<AcquiredUnder>? Search(ImmutableArray<AcquiredUnder> path, int length, ref int budget)
    {
        AcquiredUnder last = path[path.Length - 1];
        foreach (AcquiredUnder next in _from.TryGetValue(last.Inner.Class, out List<AcquiredUnder>? outgoing) ? outgoing : new List<AcquiredUnder>())
        {
            if (--budget < 0)
            {
                return null;
            }

            bool closes = next.Inner.Class == path[0].Outer.Class;
            bool canMeet = last.Inner.CanBe(next.Outer) && (!closes || next.Inner.CanBe(path[0].Outer)) && !path.Any(e => e.Gates.Intersect(next.Gates).Any());
            if (!canMeet || (closes != (path.Length + 1 == length)) || (!closes && path.Any(e => e.Outer.Class == next.Inner.Class)))
            {
                continue;
            }

            if (closes)
            {
                if (next.IsGuess && path.All(e => e.IsGuess))
                {
                    // Objects that call each other through a base type, as the links of a chain do: nothing says that any two go both ways.
                    continue;
                }

                return path.Add(next);
            }

            if (Search(path.Add(next), length, ref budget) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Strongly connected components, after Kosaraju: only inside one can there be a circle.</summary>
    private Dictionary<string, int> Components()
    {
        var order = new List<string>();
        var seen = new HashSet<string>();
        foreach (string start in _edges.SelectMany(e => new[] { e.Outer.Class, e.Inner.Class }).Distinct())
        {
            Finish(start, seen, c => _from.TryGetValue(c, out List<AcquiredUnder>? o) ? o.Select(e => e.Inner.Class) : Enumerable.Empty<string>(), order);
        }

        ILookup<string, string> backward = _edges.ToLookup(e => e.Inner.Class, e => e.Outer.Class);
        var component = new Dictionary<string, int>();
        seen.Clear();
        for (int i = order.Count - 1; i >= 0; i--)
        {
            var members = new List<string>();
            Finish(order[i], seen, c => backward[c], members);
            foreach (string member in members)
            {
                component[member] = i;
            }
        }

        return component;
    }

    private static void Finish(string start, HashSet<string> seen, System.Func<string, IEnumerable<string>> next, List<string> finished)
    {
        if (!seen.Add(start))
        {
            return;
        }

        var open = new Stack<(string Class, IEnumerator<string> Next)>();
        open.Push((start, next(start).GetEnumerator()));
        while (open.Count > 0)
        {
            (string current, IEnumerator<string> following) = open.Peek();
            if (!following.MoveNext())
            {
                open.Pop();
                finished.Add(current);
            }
            else if (seen.Add(following.Current))
            {
                open.Push((following.Current, next(following.Current).GetEnumerator()));
            }
        }
    }
}
