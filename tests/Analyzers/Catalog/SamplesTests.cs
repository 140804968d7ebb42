// The samples: what is reported is what their line ends say, and what is valid stays silent.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Locking.Tests.Catalog;

public sealed class SamplesTests
{
    private static readonly string s_rules = Repository.PathOf("Samples", "Rules");

    private static readonly string s_valid = Repository.PathOf("Samples", "Valid");

    public static TheoryData<string> Rules => Sources(s_rules);

    public static TheoryData<string> Valid => Sources(s_valid);

    /// <summary>Milder findings count where they are of the rule that the sample is about.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void RuleSample_IsMatchedExactly(string file)
    {
        string text = File.ReadAllText(Path.Combine(s_rules, file));
        string contracts = Read(Path.ChangeExtension(file, ".locking.txt"));
        string contractFile = Path.ChangeExtension(file, ".locking.txt");
        IEnumerable<LineMark> expected = LineMarks.Of(file, text).Concat(LineMarks.OfContracts(contractFile, contracts));
        var options = new AnalyzerOptions([new AdditionalFile(contractFile, contracts)], new EditorConfig(Read(".editorconfig"), "/"));

        AssertSame(expected, Find(file, text, Path.GetFileNameWithoutExtension(file), options));
        Assert.Contains($"namespace Locking.Samples.{Path.GetFileNameWithoutExtension(file)};", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void ValidSample_IsSilent(string file) =>
        AssertSame([], Find(file, File.ReadAllText(Path.Combine(s_valid, file)), "", new AnalyzerOptions([])));

    private static IEnumerable<LineMark> Find(string file, string text, string ownId, AnalyzerOptions options) =>
        Analysis.Run(Analysis.Compile([("/" + file, text)]), options: options)
            .Where(d => d.Severity >= DiagnosticSeverity.Warning || d.Id == ownId)
            .Select(LineMark.Of)
            .Select(m => m with { File = m.File.TrimStart('/') });

    private static void AssertSame(IEnumerable<LineMark> expected, IEnumerable<LineMark> actual)
    {
        string differences = string.Join("\n", LineMarks.Differences(expected, actual));
        Assert.True(differences.Length == 0, differences);
    }

    private static TheoryData<string> Sources(string folder) =>
        new(Directory.Exists(folder) ? Directory.GetFiles(folder, "*.cs").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal) : []);

    private static string Read(string file)
    {
        string path = Path.Combine(s_rules, file);
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }
}
