// What the analyzers cost on one project, against the compiler alone.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.Check;
using Locking.Check.Loading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Locking.Corpus;

/// <summary>CPU seconds of this process, user and system, all threads; medians.</summary>
/// <param name="Compile">From trees to assembly, no analyzer.</param>
/// <param name="Analyzed">The same with our analyzers on the same compilation.</param>
internal sealed record Measurement(double Compile, double Analyzed)
{
    /// <param name="runs">Of each kind, alternating, after one of each that does not count.</param>
    public static async Task<Measurement> TakeAsync(LoadedProject project, int runs, CancellationToken cancellation)
    {
        var compile = new List<double>();
        var analyzed = new List<double>();
        for (int run = 0; run <= runs; run++)
        {
            compile.Add(await TimeAsync(() => Task.FromResult<Compilation>(project.Compilation.Clone()), cancellation));
            analyzed.Add(await TimeAsync(() => AnalyzeAsync(project, cancellation), cancellation));
        }

        return new Measurement(Median(compile.Skip(1)), Median(analyzed.Skip(1)));
    }

    private static async Task<Compilation> AnalyzeAsync(LoadedProject project, CancellationToken cancellation)
    {
        var options = new CompilationWithAnalyzersOptions(project.Options, onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        CompilationWithAnalyzers with = ((CSharpCompilation)project.Compilation.Clone()).WithAnalyzers(Analysis.Ours, options);
        await with.GetAnalyzerDiagnosticsAsync(cancellation);
        return with.Compilation;
    }

    private static async Task<double> TimeAsync(Func<Task<Compilation>> prepare, CancellationToken cancellation)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using Process self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        Compilation compilation = await prepare();
        compilation.Emit(Stream.Null, cancellationToken: cancellation);
        self.Refresh();
        return (self.TotalProcessorTime - before).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
