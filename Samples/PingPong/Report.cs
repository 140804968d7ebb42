// The results as a table and as a plot.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Spectre.Console;

namespace Locking.Samples.PingPong;

internal static class Report
{
    private const int Width = 720, Height = 400, Margin = 60;

    public static Table Table(IEnumerable<Result> results)
    {
        Table table = new Table().AddColumns("size", "rounds", "latency", "longest", "rate", "page faults", "disturbances", "bytes");
        foreach (Result result in results)
        {
            table.AddRow(
                SizeOf(result.Size),
                $"{result.Rounds}",
                $"{result.Latency.TotalMicroseconds:F1} µs",
                $"{result.Longest.TotalMicroseconds:F1} µs",
                $"{SizeOf((ulong)result.BytesPerSecond)}/s",
                $"{result.PageFaults}",
                $"{result.Disturbances}",
                result.Failure is null ? "all right" : "WRONG");
        }

        return table;
    }

    /// <summary>The rate over the size, both logarithmic, as SVG.</summary>
    public static string Plot(List<Result> results)
    {
        double top = Math.Log2(Math.Max(2, results.Max(result => result.BytesPerSecond)));
        double right = Math.Log2(Math.Max(2, results.Max(result => result.Size)));
        double X(Result result) => Margin + (Math.Log2(result.Size) / right * (Width - (2 * Margin)));
        double Y(Result result) => Height - Margin - (Math.Log2(Math.Max(1, result.BytesPerSecond)) / top * (Height - (2 * Margin)));
        var svg = new StringBuilder();
        svg.AppendLine($"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{Height}" font-family="sans-serif" font-size="11">""");
        svg.AppendLine($"""<rect width="100%" height="100%" fill="white"/><text x="{Width / 2}" y="20" text-anchor="middle" font-size="14">Rate by size of message</text>""");
        svg.AppendLine($"""<polyline fill="none" stroke="steelblue" stroke-width="2" points="{string.Join(" ", results.Select(r => $"{X(r):F0},{Y(r):F0}"))}"/>""");
        foreach (Result result in results)
        {
            svg.AppendLine($"""<circle cx="{X(result):F0}" cy="{Y(result):F0}" r="3" fill="steelblue"/>""");
            svg.AppendLine($"""<text x="{X(result):F0}" y="{Height - Margin + 20}" text-anchor="middle">{SizeOf(result.Size)}</text>""");
            svg.AppendLine($"""<text x="{X(result):F0}" y="{Y(result) - 8:F0}" text-anchor="middle">{SizeOf((ulong)result.BytesPerSecond)}/s</text>""");
        }

        return svg.AppendLine("</svg>").ToString();
    }

    public static string SizeOf(ulong bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB"];
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.Length - 1)
        {
            (value, unit) = (value / 1024, unit + 1);
        }

        return value >= 100 || value == Math.Floor(value) ? $"{value:F0} {units[unit]}" : $"{value:F1} {units[unit]}";
    }
}
