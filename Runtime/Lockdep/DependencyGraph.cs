// Which lock was ever acquired under which, and the search for paths that can deadlock.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Locking;

/// <summary>
/// The dependency graph: vertices are <see cref="LockSubclass"/>, edges <see cref="Dependency"/>. Every method is called with the graph lock held.
/// </summary>
/// <remarks>
/// Unlike Linux, which stores an edge to the nearest held lock only and counts on the others being implied, every held lock gets its edge: a
/// path through a recursive read is weaker than the edge that it would stand for, and the exported graph says what was seen, not what follows.
/// </remarks>
internal sealed class DependencyGraph
{
    private readonly Dictionary<(int Outer, int Inner), Dependency> _edges = [];
    private readonly Dictionary<int, List<Dependency>> _after = [];
    private readonly Dictionary<int, List<Dependency>> _before = [];

    /// <summary>The edges, in the order in which they were first seen.</summary>
    public IEnumerable<Dependency> Edges => _edges.Values;

    public Dependency? Find(LockSubclass outer, LockSubclass inner) => _edges.GetValueOrDefault((outer.Id, inner.Id));

    /// <summary>Records an acquisition of one lock under another.</summary>
    public void Add(in HeldLock outer, in HeldLock inner, string actor, StackTrace stack)
    {
        if (!_edges.TryGetValue((outer.Vertex.Id, inner.Vertex.Id), out Dependency? edge))
        {
            edge = new Dependency(outer.Vertex, inner.Vertex, outer.Place, inner.Place, actor, stack);
            _edges.Add((outer.Vertex.Id, inner.Vertex.Id), edge);
            ListOf(_after, outer.Vertex).Add(edge);
            ListOf(_before, inner.Vertex).Add(edge);
        }

        edge.Kinds |= Dependency.KindOf(outer.Mode, inner.Mode);
    }

    public void Clear()
    {
        _edges.Clear();
        _after.Clear();
        _before.Clear();
    }

    /// <summary>
    /// The shortest strong path along the edges from a vertex to one that matches; null if there is none, empty if the start itself matches.
    /// </summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="weak">Whether the start was acquired as a recursive read, so that an edge from a shared hold does not continue it.</param>
    /// <param name="matches">Tells whether a vertex is the target, given whether the path to it ends in a recursive read only.</param>
    public List<Dependency>? Forward(LockSubclass start, bool weak, Func<LockSubclass, bool, bool> matches) =>
        Search(start, weak, matches, _after, static edge => edge.Inner, DependencyKinds.FromExclusive, DependencyKinds.ToOther);

    /// <summary>The same against the edges. The path comes back nearest edge first.</summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="weak">Whether the start is held shared, so that an edge that ends in a recursive read does not lead to it.</param>
    /// <param name="matches">Tells whether a vertex is the target, given whether the path from it begins with a shared hold only.</param>
    public List<Dependency>? Backward(LockSubclass start, bool weak, Func<LockSubclass, bool, bool> matches) =>
        Search(start, weak, matches, _before, static edge => edge.Outer, DependencyKinds.ToOther, DependencyKinds.FromExclusive);

    private static List<Dependency> ListOf(Dictionary<int, List<Dependency>> lists, LockSubclass vertex)
    {
        if (!lists.TryGetValue(vertex.Id, out List<Dependency>? list))
        {
            lists.Add(vertex.Id, list = []);
        }

        return list;
    }

    /// <summary>
    /// Breadth first over (vertex, weak). A path is strong if nowhere an edge that ends in a recursive read is followed by one that begins with
    /// a shared hold: there the reader would pass the reader. Weak means that only such edges led here, so only some may lead on.
    /// </summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="weak">Whether the start is weak.</param>
    /// <param name="matches">The target.</param>
    /// <param name="edges">The edges out of a vertex in the direction of the search.</param>
    /// <param name="far">The other end of an edge.</param>
    /// <param name="usableFromWeak">The kinds that may follow where the path so far is weak.</param>
    /// <param name="endsStrong">The kinds after which it is not weak.</param>
    private static List<Dependency>? Search(
        LockSubclass start,
        bool weak,
        Func<LockSubclass, bool, bool> matches,
        Dictionary<int, List<Dependency>> edges,
        Func<Dependency, LockSubclass> far,
        DependencyKinds usableFromWeak,
        DependencyKinds endsStrong)
    {
        var arrivedBy = new Dictionary<(int Vertex, bool Weak), (Dependency? Edge, (int, bool) From)> { [(start.Id, weak)] = default };
        var queue = new Queue<(LockSubclass Vertex, bool Weak)>();
        queue.Enqueue((start, weak));
        while (queue.TryDequeue(out (LockSubclass Vertex, bool Weak) here))
        {
            if (matches(here.Vertex, here.Weak))
            {
                return Path(arrivedBy, (here.Vertex.Id, here.Weak));
            }

            foreach (Dependency edge in edges.GetValueOrDefault(here.Vertex.Id) ?? Enumerable.Empty<Dependency>())
            {
                DependencyKinds usable = here.Weak ? edge.Kinds & usableFromWeak : edge.Kinds;
                (LockSubclass Vertex, bool Weak) next = (far(edge), (usable & endsStrong) == 0);
                if (usable != 0 && !arrivedBy.ContainsKey((next.Vertex.Id, false)) && arrivedBy.TryAdd((next.Vertex.Id, next.Weak), (edge, (here.Vertex.Id, here.Weak))))
                {
                    queue.Enqueue(next);
                }
            }
        }

        return null;
    }

    private static List<Dependency> Path(Dictionary<(int, bool), (Dependency? Edge, (int, bool) From)> arrivedBy, (int, bool) end)
    {
        var path = new List<Dependency>();
        for ((Dependency? Edge, (int, bool) From) step = arrivedBy[end]; step.Edge is not null; step = arrivedBy[step.From])
        {
            path.Add(step.Edge);
        }

        path.Reverse();
        return path;
    }
}
