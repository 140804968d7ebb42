// The guides: every step finds what its line ends say, and the page of a guide speaks of each finding.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Locking.Tests.Catalog;

public sealed class GuidesTests
{
    public static TheoryData<string> Guides => new(Directory.GetDirectories(Repository.PathOf("Samples")).Where(IsGuide).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Guides))]
    public void Steps_AreMatchedExactly(string guide)
    {
        (string Path, string Text)[] sources = Sources(guide);
        ImmutableArray<Diagnostic> found = Analysis.Run(Analysis.Compile(sources));
        IEnumerable<LineMark> actual = found.Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(LineMark.Of);
        string differences = string.Join("\n", LineMarks.Differences(sources.SelectMany(s => LineMarks.Of(s.Path, s.Text)), actual));
        Assert.True(differences.Length == 0, differences);
    }

    [Theory]
    [MemberData(nameof(Guides))]
    public void Page_SpeaksOfEachFinding(string guide)
    {
        string page = File.ReadAllText(Repository.PathOf("Samples", guide, "README.md"));
        foreach ((string path, string text) in Sources(guide).Where(s => LineMarks.Of(s.Path, s.Text).Any()))
        {
            string row = Assert.Single(page.Split('\n'), l => l.StartsWith('|') && l.Contains($"({path})", StringComparison.Ordinal));
            Assert.All(LineMarks.Of(path, text), m => Assert.Contains(m.Id, row, StringComparison.Ordinal));
        }

        Assert.Contains($"Samples/{guide}", page.Split('\n')[2], StringComparison.Ordinal);
        Assert.Contains($"(Samples/{guide})", File.ReadAllText(Repository.PathOf("README.md")), StringComparison.Ordinal);
    }

    /// <summary>The last step is right, and there are steps before it that are not.</summary>
    [Theory]
    [InlineData("StepByStep")]
    [InlineData("PriceCache")]
    [InlineData("MirrorDriver")]
    public void LastStep_IsTheOnlySilentOne(string guide)
    {
        (string Path, string Text)[] steps = [.. Sources(guide).Where(s => s.Path.StartsWith("Step", StringComparison.Ordinal))];
        Assert.Equal([true, true, true, false], steps.Select(s => LineMarks.Of(s.Path, s.Text).Any()));
    }

    private static bool IsGuide(string folder) => Directory.GetFiles(folder, "*.csproj").Any(p => File.ReadAllText(p).Contains("Guide.props", StringComparison.Ordinal));

    private static (string Path, string Text)[] Sources(string guide) =>
        [.. Directory.GetFiles(Repository.PathOf("Samples", guide), "*.cs").Order(StringComparer.Ordinal).Select(f => (Path.GetFileName(f), File.ReadAllText(f)))];
}
