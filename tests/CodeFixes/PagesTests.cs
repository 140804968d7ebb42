// The page of each rule names the fixes that there are for it, all of them and no others.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Locking.Analyzers.Rules;
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed partial class PagesTests
{
    private static readonly ILookup<string, string> s_fixes = typeof(LockingCodeFix).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(LockingCodeFix)))
        .SelectMany(t => ((LockingCodeFix)Activator.CreateInstance(t)!).FixableDiagnosticIds, (t, id) => (id, t.Name))
        .ToLookup(f => f.id, f => f.Name);

    public static TheoryData<string> Ids => new(RuleList.All.Select(r => r.Descriptor.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_NamesTheFixes(string id)
    {
        string[] paragraphs = File.ReadAllText(Repository.PathOf("Analyzers", "Docs", $"{id}.md")).Split("\n\n");
        string line = Assert.Single(paragraphs, p => p.StartsWith("Fixes: ", StringComparison.Ordinal));
        IEnumerable<string> named = FixName().Matches(line).Select(m => m.Groups["name"].Value).Order(StringComparer.Ordinal);
        Assert.Equal(s_fixes[id].Order(StringComparer.Ordinal), named);
        Assert.Equal(!s_fixes[id].Any(), line == "Fixes: none.");
    }

    [Fact]
    public void Fixes_AreForRulesThatExist() => Assert.Empty(s_fixes.Select(f => f.Key).Except(RuleList.All.Select(r => r.Descriptor.Id)));

    /// <summary>A name in code marks that starts with its entry: at the beginning, or behind a semicolon.</summary>
    [GeneratedRegex(@"(^Fixes: |;\s)`(?<name>\w+)`")]
    private static partial Regex FixName();
}
