// The conformance suite: what is reported on each line is exactly what its end says, silence included.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Locking.Tests.Conformance;

public sealed class ConformanceTests
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
        HashSet<LineMark> expected = [.. sources.SelectMany(s => LineMarks.Of(s.Path, s.Text))];
        HashSet<LineMark> actual = [.. Analysis.Run(Analysis.Compile(sources, withRuntime: false)).Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(LineMark.Of)];
        IEnumerable<(string File, string Text)> missing = expected.Except(actual).Select(e => (e.File, $"missing    {e.Id} in line {e.Line}: {Line(e)}"));
        IEnumerable<(string File, string Text)> unexpected = actual.Except(expected).Select(e => (e.File, $"unexpected {e.Id} in line {e.Line}: {Line(e)}"));
        return missing.Concat(unexpected).OrderBy(d => d.Text, StringComparer.Ordinal).ToLookup(d => d.File, d => d.Text);

        string Line(LineMark place) => sources.First(s => s.Path == place.File).Text.Split('\n')[place.Line - 1].Trim();
    }
}
