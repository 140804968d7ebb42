// The base of rule tests: marked source in, findings compared exactly.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Locking.Tests.Harness;

/// <summary>
/// Every warning has to be marked, whichever rule it is of. Findings that are milder count where they are of the rule at hand, or marked.
/// </summary>
/// <param name="id">The rule at hand.</param>
public abstract class RuleTests(string id)
{
    internal const string Folder = "/src/";

    internal const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Diagnostics.CodeAnalysis;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Locking;
        global using Locking.Tests.Rules.TestLocks;
        """;

    /// <param name="source">Findings are marked; places marked #0, #1, … are the additional locations of the rule's first finding.</param>
    /// <param name="message">The whole message of the rule's first finding.</param>
    /// <param name="contracts">A contract file, marked like source.</param>
    /// <param name="editorConfig">Options for the source, without a section header.</param>
    /// <param name="compiles">Whether the source has to be free of errors.</param>
    protected void Verify(string source, string? message = null, string contracts = "", string editorConfig = "", bool compiles = true)
    {
        Markup code = Markup.Parse(source, id);
        Markup file = Markup.Parse(contracts, id);
        Compilation compilation = Analysis.Compile([(Folder + "Test.cs", code.Text), (Folder + "Usings.cs", Usings)]);
        var options = new AnalyzerOptions([new AdditionalFile(Folder + "Test.locking.txt", file.Text)], new EditorConfig("root = true\n[*.cs]\n" + editorConfig, Folder));
        HashSet<string> asked = [id, .. code.Findings.Select(m => m.Id)];
        ImmutableArray<Diagnostic> found = [.. Analysis.Run(compilation, !compiles, options).Where(d => d.Severity >= DiagnosticSeverity.Warning || asked.Contains(d.Id))];

        AssertSame(Markup.Render(code.Text, code.Findings), Markup.Render(code.Text, In("Test.cs")));
        AssertSame(Markup.Render(file.Text, file.Findings), Markup.Render(file.Text, In("Test.locking.txt")));
        if (message is not null)
        {
            Assert.Equal(message, found.First(d => d.Id == id).GetMessage());
        }

        if (code.References.Any())
        {
            Assert.Equal(code.References.Select(Quote), found.First(d => d.Id == id).AdditionalLocations.Select(l => Quote(l.SourceSpan)));
        }

        IEnumerable<(string, TextSpan)> In(string name) => found.Where(d => d.Location.GetLineSpan().Path == Folder + name).Select(d => (d.Id, d.Location.SourceSpan));
        string Quote(TextSpan span) => $"{span.Start}: {code.Text.Substring(span.Start, span.Length)}";
    }

    internal static void AssertSame(string expected, string actual)
    {
        IEnumerable<string> lines = expected.Split('\n').Zip(actual.Split('\n')).Where(l => l.First != l.Second).Select(l => $"expected {l.First}\nbut got  {l.Second}");
        Assert.True(expected == actual, string.Join("\n", lines));
    }
}
