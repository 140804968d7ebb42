// One run of the analyzers over one project.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.Analyzers;
using Locking.Check.Loading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Locking.Check;

/// <param name="Project">The project's name.</param>
/// <param name="Lines">Of its sources, generated ones left out.</param>
/// <param name="Errors">What the compiler could not make sense of; findings near it are missing.</param>
/// <param name="Findings">In the order of their places.</param>
/// <param name="Failures">Exceptions of analyzers; there should be none.</param>
internal sealed record CheckedProject(
    string Project, int Lines, ImmutableArray<Diagnostic> Errors, ImmutableArray<Diagnostic> Findings, ImmutableArray<Exception> Failures);

internal static class Analysis
{
    public static ImmutableArray<DiagnosticAnalyzer> Ours { get; } = [new LockingAnalyzer(), new LockOrderAnalyzer()];

    /// <param name="others">More analyzers that shall see the same compilation.</param>
    public static async Task<CheckedProject> RunAsync(LoadedProject project, CancellationToken cancellation, params DiagnosticAnalyzer[] others)
    {
        var failures = new List<Exception>();
        var settings = new CompilationWithAnalyzersOptions(
            project.Options,
            onAnalyzerException: (exception, _, _) =>
            {
                lock (failures)
                {
                    failures.Add(exception);
                }
            },
            concurrentAnalysis: true,
            logAnalyzerExecutionTime: false);
        CSharpCompilation compilation = project.Compilation;
        ImmutableArray<Diagnostic> found = await compilation.WithAnalyzers(Ours.AddRange(others), settings).GetAnalyzerDiagnosticsAsync(cancellation);
        return new CheckedProject(
            project.Name,
            compilation.SyntaxTrees.Where(IsWritten).Sum(t => t.GetText(cancellation).Lines.Count),
            [.. compilation.GetDiagnostics(cancellation).Where(d => d.Severity == DiagnosticSeverity.Error)],
            [.. found.Where(d => d.Id.StartsWith("LOCK", StringComparison.Ordinal)).OrderBy(Place).ThenBy(d => d.Id, StringComparer.Ordinal)],
            [.. failures]);
    }

    /// <summary>Whether people wrote a file: not a generator, nor the build.</summary>
    private static bool IsWritten(SyntaxTree tree) =>
        !tree.FilePath.Split('/', '\\').Contains("obj") && System.IO.Path.IsPathRooted(tree.FilePath);

    private static (string, int) Place(Diagnostic finding) => (finding.Location.GetLineSpan().Path, finding.Location.SourceSpan.Start);
}
