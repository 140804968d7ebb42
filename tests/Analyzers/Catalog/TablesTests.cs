// Pages that list what is in code list all of it, as it is.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using Locking.Analyzers;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Catalog;

public sealed class TablesTests
{
    public static TheoryData<string, int> Limits()
    {
        var limits = new TheoryData<string, int>();
        foreach (FieldInfo field in typeof(LockingAnalyzer).Assembly.GetTypes()
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(f => f.IsLiteral && f.FieldType == typeof(int) && f.Name.StartsWith("Max", StringComparison.Ordinal)))
        {
            limits.Add($"{field.DeclaringType!.Name}.{field.Name}", (int)field.GetRawConstantValue()!);
        }

        return limits;
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void Limit_IsOnItsPage(string name, int value)
    {
        string start = $"| {value.ToString("N0", CultureInfo.InvariantCulture)}";
        bool isThere = Page("limits.md").Any(l => l.StartsWith(start, StringComparison.Ordinal) && l.Contains($"| `{name}` |", StringComparison.Ordinal));
        Assert.True(isThere, $"Add to Analyzers/Docs/limits.md: {start} … | `{name}` | what lies beyond |");
    }

    [Fact]
    public void Options_AreOnTheirPage()
    {
        IEnumerable<string> rows = Options.Rows.Select(r =>
            $"| `{r.Key}` | `{r.Property["build_property.".Length..]}` | {(r.Values.IsEmpty ? "a whole number" : string.Join(", ", r.Values.Select(v => $"`{v}`")))} | `{r.Default}` |");
        Assert.Empty(rows.Except(Page("options.md")));
    }

    /// <summary>An option that the package does not make visible would be no property of a project.</summary>
    [Fact]
    public void Options_AreVisibleThroughThePackage()
    {
        string props = File.ReadAllText(Repository.PathOf("Analyzers", "Package", "Locking.Analyzers.props"));
        Assert.All(Options.Rows, r => Assert.Contains($"<CompilerVisibleProperty Include=\"{r.Property["build_property.".Length..]}\" />", props, StringComparison.Ordinal));
    }

    [Fact]
    public void ContractSource_IsPackedWhole()
    {
        IEnumerable<string> written = Directory.GetFiles(Repository.PathOf("Runtime", "Contracts"), "*.cs").Select(f => "contracts/" + Path.GetFileName(f));
        IEnumerable<string> packed = File.ReadLines(Repository.PathOf("tests", "Package", "Locking.Analyzers.files.txt")).Where(l => l.StartsWith("contracts/", StringComparison.Ordinal));
        Assert.Equal(written.Order(StringComparer.Ordinal), packed.Order(StringComparer.Ordinal));
    }

    private static string[] Page(string name) => File.ReadAllLines(Repository.PathOf("Analyzers", "Docs", name));
}
