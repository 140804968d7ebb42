// Marks at line ends, as people read them: "…; // LOCK1001" says that the rule reports something that starts in this line.
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Locking.Tests.Harness;

/// <summary>A finding, as far as a mark at a line end tells it.</summary>
internal sealed record LineMark(string File, int Line, string Id)
{
    public static LineMark Of(Diagnostic finding)
    {
        FileLinePositionSpan span = finding.Location.GetLineSpan();
        return new LineMark(span.Path, span.StartLinePosition.Line + 1, finding.Id);
    }
}

internal static partial class LineMarks
{
    /// <summary>The marks of source.</summary>
    public static IEnumerable<LineMark> Of(string file, string text) =>
        text.Split('\n').SelectMany((line, i) => AtEnd().Match(line).Groups["id"].Captures.Select(id => new LineMark(file, i + 1, id.Value)));

    /// <summary>The marks of a contract file, where a comment stands on a line of its own: it speaks of the next one.</summary>
    public static IEnumerable<LineMark> OfContracts(string file, string text) =>
        text.Split('\n').SelectMany((line, i) => Alone().Match(line).Groups["id"].Captures.Select(id => new LineMark(file, i + 2, id.Value)));

    /// <summary>What differs, a line each; empty where nothing does.</summary>
    public static IEnumerable<string> Differences(IEnumerable<LineMark> expected, IEnumerable<LineMark> actual)
    {
        HashSet<LineMark> marks = [.. expected];
        HashSet<LineMark> found = [.. actual];
        return marks.Except(found).Select(m => $"missing    {m.Id} in {m.File}, line {m.Line}")
            .Concat(found.Except(marks).Select(m => $"unexpected {m.Id} in {m.File}, line {m.Line}"));
    }

    [GeneratedRegex(@"//(\s+(?<id>LOCK\d{4}))+\s*$")]
    private static partial Regex AtEnd();

    [GeneratedRegex(@"^#(\s+(?<id>LOCK\d{4}))+\s*$")]
    private static partial Regex Alone();
}
