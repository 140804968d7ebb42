// Whole runs of the compiler, alternating between variants, as tables in Markdown.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Locking.Check.Loading;

namespace Locking.Benchmarks.Builds;

internal static class BuildMeasurement
{
    /// <summary>Between these lines of a page lie the tables.</summary>
    private const string Begin = "<!-- measured: begin -->";
    private const string End = "<!-- measured: end -->";

    public static async Task<int> RunAsync(string[] paths, int runs, int[] sizes, FileInfo? report, CancellationToken cancellation)
    {
        try
        {
            var tables = new StringBuilder();
            if (paths.Length > 0)
            {
                await AppendProjectsAsync(tables, paths, runs, cancellation);
            }

            if (sizes.Length > 0)
            {
                await AppendGrowthAsync(tables, sizes, runs, cancellation);
            }

            Console.Write(tables);
            Replace(report, tables.ToString());
            return 0;
        }
        catch (LoadException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 2;
        }
    }

    private static async Task AppendProjectsAsync(StringBuilder tables, string[] paths, int runs, CancellationToken cancellation)
    {
        Variant[] variants = [Variant.Bare, Variant.NoOp, Variant.Ours, Variant.Defaults, Variant.DefaultsAndOurs, .. await Peers.FindAsync(cancellation)];
        foreach (string path in paths)
        {
            foreach (CompilerCall call in (await RecordedBuild.RunAsync(path, cancellation)).Calls)
            {
                Dictionary<Variant, CompilerRun> medians = await MeasureAsync(call, variants, runs, cancellation);
                tables.Append(CultureInfo.InvariantCulture, $"\n### {call.Name}, {Kloc(call):0} KLOC\n\n| analyzers | CPU s | × none | × no-op | × defaults | peak MB |\n| --- | --: | --: | --: | --: | --: |\n");
                foreach (Variant variant in variants)
                {
                    CompilerRun one = medians[variant];
                    tables.Append(CultureInfo.InvariantCulture,
                        $"| {variant.Name} | {one.Seconds:0.00} | {one.Seconds / medians[Variant.Bare].Seconds:0.00} | {one.Seconds / medians[Variant.NoOp].Seconds:0.00} | {one.Seconds / medians[Variant.Defaults].Seconds:0.00} | {one.Megabytes:0} |\n");
                }
            }
        }
    }

    private static async Task AppendGrowthAsync(StringBuilder tables, int[] sizes, int runs, CancellationToken cancellation)
    {
        tables.Append("\n### Growth\n\n| KLOC | none, CPU s | no-op | Locking | Locking less no-op | per 100 KLOC | × no-op | peak MB, none | Locking | ratio |\n");
        tables.Append("| --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n");
        foreach (int size in sizes)
        {
            DirectoryInfo folder = Directory.CreateTempSubdirectory("locking-synthetic");
            SyntheticCode.Write(folder.FullName, size);
            CompilerCall call = (await RecordedBuild.RunAsync(Path.Combine(folder.FullName, $"Synthetic{size}.csproj"), cancellation)).Calls.SingleOrDefault()
                ?? throw new LoadException("The synthetic code does not build");
            Dictionary<Variant, CompilerRun> medians = await MeasureAsync(call, [Variant.Bare, Variant.NoOp, Variant.Ours], runs, cancellation);
            (CompilerRun none, CompilerRun noOp, CompilerRun ours) = (medians[Variant.Bare], medians[Variant.NoOp], medians[Variant.Ours]);
            double own = ours.Seconds - noOp.Seconds;
            tables.Append(CultureInfo.InvariantCulture,
                $"| {Kloc(call):0} | {none.Seconds:0.00} | {noOp.Seconds:0.00} | {ours.Seconds:0.00} | {own:0.00} | {own / Kloc(call) * 100:0.00} | {ours.Seconds / noOp.Seconds:0.00} | {none.Megabytes:0} | {ours.Megabytes:0} | {ours.Megabytes / none.Megabytes:0.00} |\n");
            folder.Delete(recursive: true);
        }
    }

    /// <summary>One round that does not count, then rounds of every variant in turn; medians.</summary>
    private static async Task<Dictionary<Variant, CompilerRun>> MeasureAsync(CompilerCall call, Variant[] variants, int runs, CancellationToken cancellation)
    {
        Dictionary<Variant, List<CompilerRun>> taken = variants.ToDictionary(v => v, _ => new List<CompilerRun>());
        for (int round = 0; round <= runs; round++)
        {
            foreach (Variant variant in variants)
            {
                CompilerRun one = await CompilerRun.TakeAsync(call, variant, cancellation);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{call.Name}, round {round}, {variant.Name}: {one.Seconds:0.00} s, {one.Megabytes:0} MB"));
                if (round > 0)
                {
                    taken[variant].Add(one);
                }
            }
        }

        return taken.ToDictionary(t => t.Key, t => new CompilerRun(Median(t.Value.Select(r => r.Seconds)), Median(t.Value.Select(r => r.Megabytes))));
    }

    private static double Kloc(CompilerCall call) =>
        call.Arguments.Where(a => a.EndsWith(".cs", StringComparison.OrdinalIgnoreCase) && !a.Contains("obj", StringComparison.Ordinal))
            .Select(a => Path.Combine(call.Folder, a)).Where(File.Exists).Sum(f => File.ReadLines(f).Count()) / 1000.0;

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    private static void Replace(FileInfo? report, string tables)
    {
        if (report is null)
        {
            return;
        }

        string page = File.ReadAllText(report.FullName);
        int begin = page.IndexOf(Begin, StringComparison.Ordinal);
        int end = page.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new LoadException($"'{report}' lacks the lines '{Begin}' and '{End}'");
        }

        File.WriteAllText(report.FullName, page[..(begin + Begin.Length)] + "\n" + tables + "\n" + page[end..]);
    }
}
