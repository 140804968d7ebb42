// One rule is one file, one page, one sample, one test class and two rows: whatever is missing is named, with the text to add.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Locking.Analyzers.Rules;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Locking.Tests.Catalog;

public sealed partial class CatalogTests
{
    /// <summary>The headings of a page, in their order.</summary>
    private static readonly string[] s_headings = ["What is wrong", "Why it matters", "Bad", "Good", "How it decides", "Options", "When to suppress"];

    private static readonly Rule[] s_rules = typeof(Rule).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(Rule)) && !t.IsAbstract)
        .Select(t => (Rule)Activator.CreateInstance(t)!)
        .OrderBy(r => r.Descriptor.Id, StringComparer.Ordinal)
        .ToArray();

    public static TheoryData<string> Ids => new(s_rules.Select(r => r.Descriptor.Id).Distinct());

    [Fact]
    public void Ids_AreUniqueAndListed()
    {
        IEnumerable<string> collisions = s_rules.GroupBy(r => r.Descriptor.Id).Where(g => g.Count() > 1)
            .Select(g => $"{g.Key} is the id of {string.Join(" and ", g.Select(r => r.GetType().Name))}");
        IEnumerable<string> unlisted = s_rules.Where(r => RuleList.All.All(l => l.GetType() != r.GetType())).Select(r => $"Add to RuleList.cs: new {r.GetType().Name}()");
        AssertNone(collisions.Concat(unlisted));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_HasItsFiles(string id)
    {
        string name = RuleOf(id).GetType().Name;
        string[] files = [$"Analyzers/Rules/{id}.{name}.cs", $"Analyzers/Docs/{id}.md", $"Samples/Rules/{id}.cs", $"tests/Analyzers/Rules/{id}.{name}Tests.cs"];
        IEnumerable<string> missing = files.Where(f => !File.Exists(Repository.PathOf(f))).Select(f => "Add the file " + f);
        bool isTested = typeof(CatalogTests).Assembly.GetType($"Locking.Tests.Rules.{name}Tests") is { } tests && tests.IsSubclassOf(typeof(RuleTests));
        AssertNone(isTested ? missing : missing.Append($"Add to tests/Analyzers/Rules/{id}.{name}Tests.cs: public sealed class {name}Tests() : RuleTests(\"{id}\")"));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Descriptor_SpeaksPlainly(string id)
    {
        DiagnosticDescriptor rule = RuleOf(id).Descriptor;
        string title = rule.Title.ToString();
        string message = rule.MessageFormat.ToString();
        string description = rule.Description.ToString();
        Assert.False(title.EndsWith('.'), "A title is no sentence: " + title);
        Assert.False(message.EndsWith('.'), "A message ends without a full stop: " + message);
        Assert.NotEqual(title, message);
        Assert.True(description.EndsWith('.'), "A description is made of sentences: " + description);
        Assert.EndsWith($"/Analyzers/Docs/{id}.md", rule.HelpLinkUri, StringComparison.Ordinal);
        Assert.Equal(id != "LOCK0008", rule.IsEnabledByDefault);
    }

    /// <summary>What deserves less than a warning is listed here, so that no severity changes by accident.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Severity_IsTheDesigned(string id) => Assert.Equal(
        id switch
        {
            "LOCK0007" or "LOCK0008" => DiagnosticSeverity.Hidden,
            "LOCK0004" or "LOCK2002" or "LOCK4003" or "LOCK7006" => DiagnosticSeverity.Info,
            _ => DiagnosticSeverity.Warning,
        },
        RuleOf(id).Descriptor.DefaultSeverity);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_HasItsTitleAndHeadings(string id)
    {
        string[] lines = Read($"Analyzers/Docs/{id}.md").Split('\n');
        string title = $"# {id}: {RuleOf(id).Descriptor.Title}";
        Assert.True(lines[0] == title, $"The first line of Analyzers/Docs/{id}.md has to be: {title}");
        Assert.Equal(s_headings.Select(h => "## " + h), lines.Where(l => l.StartsWith("## ", StringComparison.Ordinal)));
    }

    /// <summary>Code on a page is compiled, as part of the sample.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_QuotesItsSample(string id)
    {
        HashSet<string> sample = [.. Read($"Samples/Rules/{id}.cs").Split('\n').Select(l => l.Trim())];
        IEnumerable<string> quoted = CSharp().Matches(Read($"Analyzers/Docs/{id}.md")).SelectMany(m => m.Groups["code"].Value.Split('\n')).Select(l => l.Trim());
        AssertNone(quoted.Where(l => !sample.Contains(l)).Select(l => $"Analyzers/Docs/{id}.md quotes what Samples/Rules/{id}.cs does not say: {l}"));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_HasItsRows(string id)
    {
        DiagnosticDescriptor rule = RuleOf(id).Descriptor;
        string readme = $"| [{id}](Analyzers/Docs/{id}.md) | {rule.Title} | {(rule.IsEnabledByDefault ? Word(rule.DefaultSeverity) : "off")} |";
        string release = $"{id} | {rule.Category} | {(rule.IsEnabledByDefault ? rule.DefaultSeverity : "Disabled")} | {RuleOf(id).GetType().Name}";
        var missing = new List<string>();
        if (!Read("README.md").Split('\n').Contains(readme))
        {
            missing.Add("Add to README.md: " + readme);
        }

        if (!(Read("Analyzers/AnalyzerReleases.Shipped.md") + Read("Analyzers/AnalyzerReleases.Unshipped.md")).Split('\n').Contains(release))
        {
            missing.Add("Add to Analyzers/AnalyzerReleases.Unshipped.md: " + release);
        }

        AssertNone(missing);
    }

    private static Rule RuleOf(string id) => s_rules.First(r => r.Descriptor.Id == id);

    private static string Word(DiagnosticSeverity severity) => severity.ToString().ToLowerInvariant();

    private static string Read(string path)
    {
        string full = Repository.PathOf(path);
        return File.Exists(full) ? File.ReadAllText(full).ReplaceLineEndings("\n") : "";
    }

    private static void AssertNone(IEnumerable<string> problems)
    {
        string text = string.Join("\n", problems);
        Assert.True(text.Length == 0, text);
    }

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharp();
}
