// Marked source: [|…|] is a finding of the rule at hand, {|LOCK2001:…|} one of another rule, {|#0:…|} a place that a finding refers to.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Locking.Tests.Harness;

/// <summary>The dialect of Microsoft's testing library. Marks nest; an empty one, [||], is a place between two characters.</summary>
internal sealed record Markup(string Text, ImmutableArray<(string Id, TextSpan Span)> Marks)
{
    /// <summary>What findings are expected, by id.</summary>
    public IEnumerable<(string Id, TextSpan Span)> Findings => Marks.Where(m => m.Id[0] != '#');

    /// <summary>The places that the finding refers to, in the order of their numbers.</summary>
    public IEnumerable<TextSpan> References => Marks.Where(m => m.Id[0] == '#').OrderBy(m => m.Id, StringComparer.Ordinal).Select(m => m.Span);

    public static Markup Parse(string marked, string id)
    {
        var text = new StringBuilder();
        var open = new Stack<(string Id, int Start)>();
        var marks = ImmutableArray.CreateBuilder<(string, TextSpan)>();
        for (int i = 0; i < marked.Length; i++)
        {
            string next = marked.Substring(i, Math.Min(2, marked.Length - i));
            if (next == "[|")
            {
                open.Push((id, text.Length));
                i++;
            }
            else if (next == "{|")
            {
                int colon = marked.IndexOf(':', i);
                open.Push((marked[(i + 2)..colon], text.Length));
                i = colon;
            }
            else if (next is "|]" or "|}" && open.Count > 0)
            {
                (string closed, int start) = open.Pop();
                marks.Add((closed, TextSpan.FromBounds(start, text.Length)));
                i++;
            }
            else
            {
                text.Append(marked[i]);
            }
        }

        return open.Count == 0 ? new Markup(text.ToString(), marks.ToImmutable()) : throw new FormatException("A mark is not closed");
    }

    /// <summary>Source with findings marked, so that two sets of findings are compared as texts.</summary>
    public static string Render(string text, IEnumerable<(string Id, TextSpan Span)> findings)
    {
        var inserts = new List<(int At, int Order, int Length, string Text)>();
        foreach ((string id, TextSpan span) in findings)
        {
            inserts.Add((span.Start, 1, -span.Length, span.IsEmpty ? $"{{|{id}:|}}" : $"{{|{id}:"));
            if (!span.IsEmpty)
            {
                inserts.Add((span.End, 0, 0, "|}"));
            }
        }

        var rendered = new StringBuilder(text);
        foreach ((int at, _, _, string insert) in inserts.OrderBy(i => i.At).ThenBy(i => i.Order).ThenBy(i => i.Length).ThenBy(i => i.Text, StringComparer.Ordinal).Reverse())
        {
            rendered.Insert(at, insert);
        }

        return rendered.ToString();
    }
}
