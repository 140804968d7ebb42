// The negative fixtures: what was once posted or shipped is caught, by a rule at its mark or by a test that replays it, and the table says how.
using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Locking.Tests.Catalog;

public sealed partial class NegativeFixtureTests
{
    /// <summary>The fixtures that there are.</summary>
    private const int Fixtures = 24;

    private static readonly string s_folder = Repository.PathOf("Samples", "Protocols");

    private static readonly string s_kernel = File.ReadAllText(Path.Combine(s_folder, "Kernel.cs"));

    private static readonly string s_replays = File.ReadAllText(Repository.PathOf("tests", "RuntimeMirror", "Schedules", "NegativeFixtureTests.cs"));

    private static readonly string[] s_table = File.ReadAllLines(Repository.PathOf("Runtime", "Docs", "negative-fixtures.md"));

    public static TheoryData<string> Marked => new(Names(s_folder));

    public static TheoryData<string> Replayed => new(Names(Path.Combine(s_folder, "Replayed")));

    private static string[] Names(string folder) => [.. Directory.GetFiles(folder, "NF*.cs").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Marked))]
    public void MarkedFixture_IsReportedAtItsMarks_AndTheTableNamesTheRules(string name)
    {
        string file = name + ".cs";
        string text = File.ReadAllText(Path.Combine(s_folder, file));
        Compilation compilation = Analysis.Compile([("/" + file, text), ("/Kernel.cs", s_kernel)]);
        var found = Analysis.Run(compilation)
            .Where(d => d.Severity >= DiagnosticSeverity.Warning)
            .Select(LineMark.Of)
            .Select(m => m with { File = m.File.TrimStart('/') });
        string differences = string.Join("\n", LineMarks.Differences(LineMarks.Of(file, text), found));
        Assert.True(differences.Length == 0, differences);
        string row = RowOf(name, $"../../Samples/Protocols/{file}");
        string[] ids = [.. RuleId().Matches(text).Select(m => m.Value)];
        Assert.NotEmpty(ids);
        Assert.All(ids, id => Assert.Contains($"[{id}](../../Analyzers/Docs/{id}.md)", row, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Replayed))]
    public void ReplayedFixture_HasATest_ThatTheTableNames(string name)
    {
        string row = RowOf(name, $"../../Samples/Protocols/Replayed/{name}.cs");
        string test = Assert.Single(TestName().Matches(row).Select(m => m.Groups[1].Value));
        Assert.StartsWith(name + "_", test, StringComparison.Ordinal);
        Assert.Contains($"public void {test}(", s_replays, StringComparison.Ordinal);
        Assert.Contains($"{name}.", s_replays, StringComparison.Ordinal);
    }

    [Fact]
    public void EachFixture_IsCaught()
    {
        string[] expected = [.. Enumerable.Range(1, Fixtures).Select(n => $"NF-{n:00}")];
        Assert.Equal(expected, s_table.Where(line => line.StartsWith("| NF-", StringComparison.Ordinal)).Select(row => row[2..7]));
        Assert.Equal(expected, Names(s_folder).Concat(Names(Path.Combine(s_folder, "Replayed"))).Select(name => name.Insert(2, "-")).Order(StringComparer.Ordinal));
    }

    private static string RowOf(string name, string link)
    {
        string row = Assert.Single(s_table, line => line.StartsWith($"| {name.Insert(2, "-")} |", StringComparison.Ordinal));
        Assert.Contains($"]({link})", row, StringComparison.Ordinal);
        return row;
    }

    [GeneratedRegex(@"LOCK\d{4}")]
    private static partial Regex RuleId();

    [GeneratedRegex(@"`(NF\d\d_\w+)`")]
    private static partial Regex TestName();
}
