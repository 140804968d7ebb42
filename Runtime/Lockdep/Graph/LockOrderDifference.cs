// What two lock-order graphs do not have in common.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Locking;

/// <summary>
/// What two lock-order graphs do not have in common. An edge that only the run saw is one the analyzer missed, or could not name; an edge that
/// only the analyzer derived is one that no test exercised.
/// </summary>
/// <remarks>Immutable.</remarks>
public sealed class LockOrderDifference
{
    internal LockOrderDifference(LockOrderGraph first, LockOrderGraph second)
    {
        First = first;
        Second = second;
        OnlyInFirst = Only(first, second);
        OnlyInSecond = Only(second, first);
        Dictionary<(string, string), LockOrderEdge> others = second.Edges.ToDictionary(e => (e.Outer, e.Inner));
        InOtherModes = [.. first.Edges
            .Where(e => others.TryGetValue((e.Outer, e.Inner), out LockOrderEdge? other) && other.Modes != e.Modes)
            .Select(e => (e, others[(e.Outer, e.Inner)]))];
    }

    /// <summary>The edges of the first graph between classes that the second does not connect so.</summary>
    public IReadOnlyList<LockOrderEdge> OnlyInFirst { get; }

    /// <summary>The edges of the second graph between classes that the first does not connect so.</summary>
    public IReadOnlyList<LockOrderEdge> OnlyInSecond { get; }

    /// <summary>The edges that both have, with different modes.</summary>
    public IReadOnlyList<(LockOrderEdge First, LockOrderEdge Second)> InOtherModes { get; }

    /// <summary>Whether both have the same edges in the same modes.</summary>
    public bool IsEmpty => OnlyInFirst.Count == 0 && OnlyInSecond.Count == 0 && InOtherModes.Count == 0;

    private LockOrderGraph First { get; }

    private LockOrderGraph Second { get; }

    /// <summary>One line for each difference: the source that has it, the edge, its places. Empty where there is none.</summary>
    /// <returns>Lines such as <c>only observed: A._x -&gt; B._y (EN) at A.cs:3, B.cs:4</c>.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (LockOrderEdge edge in OnlyInFirst)
        {
            text.Append($"only {First.Source}: {Line(edge)}\n");
        }

        foreach (LockOrderEdge edge in OnlyInSecond)
        {
            text.Append($"only {Second.Source}: {Line(edge)}\n");
        }

        foreach ((LockOrderEdge first, LockOrderEdge second) in InOtherModes)
        {
            text.Append($"{first.Outer} -> {first.Inner}: {first.Modes} {First.Source}, {second.Modes} {Second.Source}\n");
        }

        return text.ToString();
    }

    private static string Line(LockOrderEdge edge) =>
        $"{edge.Outer} -> {edge.Inner} ({edge.Modes})" + (edge.OuterPlace + edge.InnerPlace == "" ? "" : $" at {edge.OuterPlace}, {edge.InnerPlace}");

    private static IReadOnlyList<LockOrderEdge> Only(LockOrderGraph these, LockOrderGraph others)
    {
        HashSet<(string, string)> known = [.. others.Edges.Select(e => (e.Outer, e.Inner))];
        return [.. these.Edges.Where(e => !known.Contains((e.Outer, e.Inner)))];
    }
}
