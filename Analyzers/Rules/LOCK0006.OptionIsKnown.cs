// An option exists, and has one of its values.
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Locking.Analyzers.Rules;

internal sealed class OptionIsKnown : Rule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK0006",
        "An option is unknown, or has a value that it does not take",
        "In the options of this file, {0}",
        "A misspelled option would silently do nothing. The keys, values and defaults are in Docs/options.md.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    /// <summary>Each problem once, at the first file that it holds for.</summary>
    public static IReadOnlyList<Diagnostic> Find(Compilation compilation, AnalyzerConfigOptionsProvider options)
    {
        var told = new HashSet<string>();
        var sources = new HashSet<AnalyzerConfigOptions>();
        var found = new List<Diagnostic>();
        foreach (SyntaxTree tree in compilation.SyntaxTrees.OrderBy(t => t.FilePath, System.StringComparer.Ordinal))
        {
            AnalyzerConfigOptions source = options.GetOptions(tree);
            foreach (string problem in sources.Add(source) ? Options.Problems(source).Where(told.Add) : Enumerable.Empty<string>())
            {
                found.Add(Diagnostic.Create(s_descriptor, Location.Create(tree, new TextSpan(0, 0)), problem));
            }
        }

        return found;
    }
}
