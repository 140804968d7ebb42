// A lock-order graph as a file, in the format that the file's name asks for.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Locking.Check.Loading;

namespace Locking.Check.Order;

/// <summary>Edges on cycles are red: each of those can deadlock with the others of its cycle.</summary>
internal static class LockOrderPicture
{
    /// <param name="known">Edges that are known to lie on a cycle; where there is none, every edge counts that a path leads back from.</param>
    private delegate string Format(LockOrderGraph graph, IReadOnlySet<(string Outer, string Inner)> known);

    private static readonly Dictionary<string, Format> s_formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".dot"] = Dot,
        [".gv"] = Dot,
        [".mmd"] = Mermaid,
        [".mermaid"] = Mermaid,
        [".svg"] = LockOrderSvg.Draw,
        [".txt"] = (graph, _) => graph.ToString(),
    };

    /// <exception cref="LoadException">No format has the file's ending.</exception>
    public static void Check(FileInfo? file)
    {
        if (file is not null && !s_formats.ContainsKey(file.Extension))
        {
            throw new LoadException($"'{file}' must end in one of {string.Join(", ", s_formats.Keys)}");
        }
    }

    /// <param name="derived">Edges on the cycles that the analyzers found; none for a graph that was observed.</param>
    public static void Write(FileInfo file, LockOrderGraph graph, IReadOnlySet<(string Outer, string Inner)> derived) =>
        File.WriteAllText(file.FullName, s_formats[file.Extension](graph, graph.Source == "derived" ? derived : OnCycles(graph)));

    private static string Dot(LockOrderGraph graph, IReadOnlySet<(string Outer, string Inner)> red)
    {
        var text = new StringBuilder("digraph locking {\n  rankdir=TB;\n  node [shape=box, fontname=\"sans-serif\"];\n");
        graph.Classes.ToList().ForEach(c => text.Append($"  {Quoted(c)};\n"));
        foreach (LockOrderEdge edge in graph.Edges)
        {
            text.Append($"  {Quoted(edge.Outer)} -> {Quoted(edge.Inner)} [tooltip={Quoted(edge.InnerPlace)}{(red.Contains((edge.Outer, edge.Inner)) ? ", color=red" : "")}];\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Mermaid(LockOrderGraph graph, IReadOnlySet<(string Outer, string Inner)> red)
    {
        var text = new StringBuilder("flowchart TB\n");
        Dictionary<string, int> number = graph.Classes.Index().ToDictionary(c => c.Item, c => c.Index);
        graph.Classes.ToList().ForEach(c => text.Append($"  n{number[c]}[\"{c.Replace("\"", "#quot;").Replace("<", "#lt;").Replace(">", "#gt;")}\"]\n"));
        graph.Edges.ToList().ForEach(e => text.Append($"  n{number[e.Outer]} --> n{number[e.Inner]}\n"));
        string styled = string.Join(',', graph.Edges.Index().Where(e => red.Contains((e.Item.Outer, e.Item.Inner))).Select(e => e.Index));
        return text.Append(styled.Length > 0 ? $"  linkStyle {styled} stroke:red\n" : "").ToString();
    }

    /// <summary>Every edge that a path leads back from.</summary>
    private static HashSet<(string, string)> OnCycles(LockOrderGraph graph)
    {
        ILookup<string, string> next = graph.Edges.ToLookup(e => e.Outer, e => e.Inner);
        return [.. graph.Edges.Where(e => Reaches(e.Inner, e.Outer)).Select(e => (e.Outer, e.Inner))];

        bool Reaches(string from, string to)
        {
            var seen = new HashSet<string> { from };
            var open = new Stack<string>(seen);
            while (open.TryPop(out string? current))
            {
                if (current == to)
                {
                    return true;
                }

                next[current].Where(seen.Add).ToList().ForEach(open.Push);
            }

            return false;
        }
    }

    private static string Quoted(string text) => "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";
}
