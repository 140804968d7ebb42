// The conformance suite: what is reported on each line is exactly what its end says, silence included.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Locking.Tests.Conformance;

public sealed partial class ConformanceTests
{
    private static readonly string s_folder = Repository.PathOf("tests", "Conformance");

    private static readonly Lazy<ILookup<string, string>> s_differences = new(Compare);

    public static TheoryData<string> Themes => new(Directory.GetFiles(s_folder, "T*.cs").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Themes))]
    public void Theme_IsMatchedExactly(string file)
    {
        Assert.True(!s_differences.Value[file].Any(), string.Join("\n", s_differences.Value[file]));
    }

    private static ILookup<string, string> Compare()
    {
        (string Path, string Text)[] sources = Directory.GetFiles(s_folder, "*.cs").Select(f => (Path.GetFileName(f), File.ReadAllText(f))).ToArray();
        var expected = new HashSet<(string File, int Line, string Id)>();
        foreach ((string path, string text) in sources)
        {
            string[] lines = text.Split('\n');
            for (int i = 0; i < lines.Length; i++)
            {
                Match marks = Marks().Match(lines[i]);
                foreach (Capture id in marks.Groups["id"].Captures)
                {
                    expected.Add((path, i + 1, id.Value));
                }
            }
        }

        ImmutableArray<Diagnostic> findings = Analysis.Run(Analysis.Compile(sources, withRuntime: false));
        HashSet<(string File, int Line, string Id)> actual = findings
            .Where(d => d.Severity >= DiagnosticSeverity.Warning)
            .Select(d => (d.Location.SourceTree!.FilePath, d.Location.GetLineSpan().StartLinePosition.Line + 1, d.Id))
            .ToHashSet();
        IEnumerable<(string File, string Text)> missing = expected.Except(actual).Select(e => (e.File, $"missing    {e.Id} in line {e.Line}: {Line(e)}"));
        IEnumerable<(string File, string Text)> unexpected = actual.Except(expected).Select(e => (e.File, $"unexpected {e.Id} in line {e.Line}: {Line(e)}"));
        return missing.Concat(unexpected).OrderBy(d => d.Item2, StringComparer.Ordinal).ToLookup(d => d.File, d => d.Text);

        string Line((string File, int Line, string Id) place) => sources.First(s => s.Path == place.File).Text.Split('\n')[place.Line - 1].Trim();
    }

    [GeneratedRegex(@"//(\s+(?<id>LOCK\d{4}))+\s*$")]
    private static partial Regex Marks();
}
