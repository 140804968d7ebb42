// The protocols of the seed rules: each sample's wrong form is reported, its right form is silent, and the table tells of both.
using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Locking.Tests.Catalog;

public sealed partial class SeedRulesTests
{
    /// <summary>The seed rules that there are.</summary>
    private const int Rules = 82;

    /// <summary>How many of them static analysis has to cover wholly.</summary>
    private const int Covered = 60;

    private static readonly string s_folder = Repository.PathOf("Samples", "Protocols");

    private static readonly string s_kernel = File.ReadAllText(Path.Combine(s_folder, "Kernel.cs"));

    private static readonly string[] s_table = File.ReadAllLines(Repository.PathOf("Analyzers", "Docs", "seed-rules.md"));

    public static TheoryData<string> Samples => new(Directory.GetFiles(s_folder, "R*.cs").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Samples))]
    public void WrongFormIsReported_RightFormIsSilent(string file)
    {
        string text = File.ReadAllText(Path.Combine(s_folder, file));
        Compilation compilation = Analysis.Compile([("/" + file, text), ("/Kernel.cs", s_kernel)]);
        var found = Analysis.Run(compilation)
            .Where(d => d.Severity >= DiagnosticSeverity.Warning)
            .Select(LineMark.Of)
            .Select(m => m with { File = m.File.TrimStart('/') });
        string differences = string.Join("\n", LineMarks.Differences(LineMarks.Of(file, text), found));
        Assert.True(differences.Length == 0, differences);
        Assert.NotEmpty(LineMarks.Of(file, text));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void TableNamesTheSampleAndItsRules(string file)
    {
        string row = Assert.Single(s_table, line => line.Contains($"[{file}]", StringComparison.Ordinal));
        Assert.StartsWith($"| {Path.GetFileNameWithoutExtension(file)} |", row, StringComparison.Ordinal);
        foreach (string id in RuleId().Matches(File.ReadAllText(Path.Combine(s_folder, file))).Select(m => m.Value))
        {
            Assert.Contains($"[{id}]({id}.md)", row, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TableHasARowForEachSeedRule()
    {
        string[] rows = s_table.Where(line => line.StartsWith("| R", StringComparison.Ordinal)).ToArray();
        Assert.Equal(Enumerable.Range(1, Rules).Select(n => $"| R{n:00} |"), rows.Select(r => r[..7]));
        int wholly = rows.Count(r => r.Contains("](../../Samples/Protocols/", StringComparison.Ordinal) && !r.Contains("partly", StringComparison.Ordinal));
        Assert.True(wholly >= Covered, $"{wholly} seed rules are covered wholly.");
    }

    [GeneratedRegex(@"LOCK\d{4}")]
    private static partial Regex RuleId();
}
