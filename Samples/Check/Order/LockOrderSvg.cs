// A lock-order graph as a picture that needs no other program.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

namespace Locking.Check.Order;

/// <summary>
/// In layers, outer locks above inner ones, after Sugiyama but without his second half: nothing is done about crossings. For pictures of
/// hundreds of classes the DOT file and Graphviz do better.
/// </summary>
internal static class LockOrderSvg
{
    private const int Letter = 7;
    private const int Height = 28;
    private const int Gap = 30;
    private const int Layer = 90;

    /// <summary>A layer that is wider goes on in a row below.</summary>
    private const int MaxRow = 1600;

    private sealed record Box(int X, int Y, int Width)
    {
        public int Center => X + (Width / 2);

        public int Right => X + Width;
    }

    public static string Draw(LockOrderGraph graph, IReadOnlySet<(string Outer, string Inner)> red)
    {
        Dictionary<string, Box> boxes = Boxes(graph);
        int width = boxes.Values.Select(b => b.Right).DefaultIfEmpty().Max() + (2 * Gap);
        int height = boxes.Values.Select(b => b.Y).DefaultIfEmpty().Max() + Height + Gap;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<defs>").Append(Arrow("black")).Append(Arrow("red")).Append("</defs>\n");
        foreach (LockOrderEdge edge in graph.Edges)
        {
            svg.Append(Line(edge, boxes[edge.Outer], boxes[edge.Inner], red.Contains((edge.Outer, edge.Inner)) ? "red" : "black"));
        }

        foreach ((string name, Box box) in boxes)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{box.X}\" y=\"{box.Y}\" width=\"{box.Width}\" height=\"{Height}\" rx=\"4\" fill=\"#eef2fb\" stroke=\"#2b3a67\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{box.Center}\" y=\"{box.Y + 18}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(name)}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static Dictionary<string, Box> Boxes(LockOrderGraph graph)
    {
        Dictionary<string, int> layers = Layers(graph);
        var boxes = new Dictionary<string, Box>();
        int y = Gap;
        foreach (IGrouping<int, string> layer in graph.Classes.GroupBy(c => layers[c]).OrderBy(g => g.Key))
        {
            int x = Gap;
            foreach (string name in layer)
            {
                (x, y) = x > MaxRow ? (Gap, y + Height + Gap) : (x, y);
                boxes[name] = new Box(x, y, (name.Length * Letter) + 20);
                x = boxes[name].Right + Gap;
            }

            y += Layer;
        }

        return boxes;
    }

    /// <summary>The longest way from the top; edges that close a cycle do not count.</summary>
    private static Dictionary<string, int> Layers(LockOrderGraph graph)
    {
        ILookup<string, string> outer = graph.Edges.ToLookup(e => e.Inner, e => e.Outer);
        var layers = new Dictionary<string, int>();
        var open = new HashSet<string>();
        foreach (string name in graph.Classes)
        {
            LayerOf(name);
        }

        return layers;

        int LayerOf(string name)
        {
            if (layers.TryGetValue(name, out int known))
            {
                return known;
            }

            open.Add(name);
            int layer = outer[name].Where(o => !open.Contains(o)).Select(o => LayerOf(o) + 1).DefaultIfEmpty().Max();
            open.Remove(name);
            return layers[name] = layer;
        }
    }

    /// <summary>Downwards from below to above; anything else around the side.</summary>
    private static string Line(LockOrderEdge edge, Box from, Box to, string color)
    {
        string path = to.Y > from.Y
            ? string.Create(CultureInfo.InvariantCulture, $"M{from.Center},{from.Y + Height} C{from.Center},{from.Y + Height + 40} {to.Center},{to.Y - 40} {to.Center},{to.Y - 2}")
            : string.Create(CultureInfo.InvariantCulture, $"M{from.Right},{from.Y + 14} C{from.Right + 60},{from.Y + 14} {to.Right + 60},{to.Y + 14} {to.Right + 2},{to.Y + 14}");
        string title = WebUtility.HtmlEncode($"{edge.Outer} -> {edge.Inner} at {edge.InnerPlace}");
        return $"<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" marker-end=\"url(#{color})\"><title>{title}</title></path>\n";
    }

    private static string Arrow(string color) =>
        $"<marker id=\"{color}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0,0 L10,5 L0,10 z\" fill=\"{color}\"/></marker>";
}
