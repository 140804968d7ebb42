// The lock-order graph as data: what the validator saw and what the analyzer derived have this form in common.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Locking;

/// <summary>
/// Which lock classes are acquired under which. The validator's observation and the analyzer's derivation are written in one text format
/// (Docs/lock-graph.md), so that they can be compared.
/// </summary>
/// <remarks>Immutable; classes and edges are sorted by name, so equal graphs have equal texts.</remarks>
public sealed class LockOrderGraph
{
    private const string Header = "locking-graph 1";

    /// <summary>Makes a graph.</summary>
    /// <param name="source">Who made it: <c>observed</c> or <c>derived</c>.</param>
    /// <param name="classes">The names of the classes; those of edges need not be repeated.</param>
    /// <param name="edges">The edges; one for each pair of classes.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">Two edges connect the same classes in the same direction, or a name has a tab or a line break.</exception>
    public LockOrderGraph(string source, IEnumerable<string> classes, IEnumerable<LockOrderEdge> edges)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(edges);
        Source = source;
        Edges = [.. edges.OrderBy(e => e.Outer, StringComparer.Ordinal).ThenBy(e => e.Inner, StringComparer.Ordinal)];
        Classes = [.. classes.Concat(Edges.SelectMany(e => new[] { e.Outer, e.Inner })).Distinct().Order(StringComparer.Ordinal)];
        if (Edges.DistinctBy(e => (e.Outer, e.Inner)).Count() != Edges.Count)
        {
            throw new ArgumentException("Two edges connect the same classes.", nameof(edges));
        }

        if (Classes.Any(c => c.AsSpan().ContainsAny('\t', '\r', '\n')))
        {
            throw new ArgumentException("A class name contains a tab or a line break.", nameof(classes));
        }
    }

    /// <summary>Who made it.</summary>
    public string Source { get; }

    /// <summary>The names of all classes, sorted.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The edges, sorted by outer, then inner class.</summary>
    public IReadOnlyList<LockOrderEdge> Edges { get; }

    /// <summary>What the validator of this process saw so far. Empty where validation is off.</summary>
    /// <returns>The graph.</returns>
    public static LockOrderGraph Observed() => new(
        "observed",
        [],
        Validator.Dependencies().Select(d => new LockOrderEdge(d.Outer.Name, d.Inner.Name, Modes(d.Kinds), d.OuterPlace.ToString(), d.InnerPlace.ToString())));

    /// <summary>Reads what <see cref="Write"/> wrote, or the analyzer.</summary>
    /// <param name="reader">The text.</param>
    /// <returns>The graph.</returns>
    /// <exception cref="ArgumentNullException">The reader is null.</exception>
    /// <exception cref="FormatException">A line is not as the format says; the message has its number.</exception>
    public static LockOrderGraph Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        string[] header = (reader.ReadLine() ?? "").Split('\t');
        if (header.Length != 2 || header[0] != Header)
        {
            throw new FormatException($"Line 1: expected '{Header}', a tab and the source.");
        }

        var classes = new List<string>();
        var edges = new List<LockOrderEdge>();
        int number = 1;
        while (reader.ReadLine() is { } line)
        {
            number++;
            switch (line.Split('\t'))
            {
                case [""]:
                    break;
                case ["class", var name]:
                    classes.Add(name);
                    break;
                case ["edge", var outer, var inner, var modes, var outerPlace, var innerPlace]:
                    edges.Add(new LockOrderEdge(outer, inner, modes, outerPlace, innerPlace));
                    break;
                default:
                    throw new FormatException($"Line {number}: expected 'class' with a name, or 'edge' with five fields, separated by tabs.");
            }
        }

        return new LockOrderGraph(header[1], classes, edges);
    }

    /// <summary>Writes the graph in the format of Docs/lock-graph.md.</summary>
    /// <param name="writer">Where to.</param>
    /// <exception cref="ArgumentNullException">The writer is null.</exception>
    public void Write(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write($"{Header}\t{Source}\n");
        foreach (string name in Classes)
        {
            writer.Write($"class\t{name}\n");
        }

        foreach (LockOrderEdge edge in Edges)
        {
            writer.Write($"edge\t{edge.Outer}\t{edge.Inner}\t{edge.Modes}\t{edge.OuterPlace}\t{edge.InnerPlace}\n");
        }
    }

    /// <summary>The graph in the DOT language, for a picture. An edge to a recursive read only is dashed.</summary>
    /// <returns>The text.</returns>
    public string ToDot()
    {
        var dot = new StringBuilder("digraph locking {\n  rankdir=TB;\n  node [shape=box];\n");
        foreach (string name in Classes)
        {
            dot.Append($"  {Quoted(name)};\n");
        }

        foreach (LockOrderEdge edge in Edges)
        {
            string style = edge.Modes.Contains('N') ? "" : ", style=dashed";
            dot.Append($"  {Quoted(edge.Outer)} -> {Quoted(edge.Inner)} [label={Quoted(edge.Modes)}{style}];\n");
        }

        return dot.Append("}\n").ToString();
    }

    /// <summary>What one graph has and the other has not.</summary>
    /// <param name="other">The other graph.</param>
    /// <returns>The difference.</returns>
    /// <exception cref="ArgumentNullException">The other graph is null.</exception>
    public LockOrderDifference CompareWith(LockOrderGraph other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new LockOrderDifference(this, other);
    }

    /// <summary>The text of <see cref="Write"/>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var writer = new StringWriter();
        Write(writer);
        return writer.ToString();
    }

    private static string Quoted(string name) => "\"" + name.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";

    private static string Modes(DependencyKinds kinds)
    {
        var modes = new List<string>();
        AddIf(DependencyKinds.ExclusiveToOther, "EN");
        AddIf(DependencyKinds.ExclusiveToRecursive, "ER");
        AddIf(DependencyKinds.SharedToOther, "SN");
        AddIf(DependencyKinds.SharedToRecursive, "SR");
        return string.Join(',', modes);

        void AddIf(DependencyKinds kind, string name)
        {
            if ((kinds & kind) != 0)
            {
                modes.Add(name);
            }
        }
    }
}
