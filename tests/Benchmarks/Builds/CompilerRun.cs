// One run of the SDK's compiler in a process of its own.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Locking.Check.Loading;

namespace Locking.Benchmarks.Builds;

/// <param name="Seconds">CPU time of the process, user and system, all threads.</param>
/// <param name="Megabytes">Peak memory.</param>
internal sealed partial record CompilerRun(double Seconds, double Megabytes)
{
    private static readonly Lazy<string> s_compiler = new(Compiler);

    /// <summary>A cold start, as in a build on a server: nothing is kept from one run to the next.</summary>
    public static async Task<CompilerRun> TakeAsync(CompilerCall call, Variant variant, CancellationToken cancellation)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("locking-build");
        try
        {
            string response = Path.Combine(folder.FullName, "arguments.rsp");
            await File.WriteAllLinesAsync(response, variant.Arguments(call, Path.Combine(folder.FullName, "out.dll")).Select(Quoted), cancellation);
            var start = new ProcessStartInfo("dotnet", ["exec", s_compiler.Value, "/noconfig", "@" + response]) { WorkingDirectory = call.Folder, RedirectStandardOutput = true };
            TimeSpan before = OfChildren();
            using Process compiler = Process.Start(start)!;
            Task<long> peak = PeakAsync(compiler);
            string output = await compiler.StandardOutput.ReadToEndAsync(cancellation);
            await compiler.WaitForExitAsync(cancellation);
            if (compiler.ExitCode == 0)
            {
                return new CompilerRun((OfChildren() - before).TotalSeconds, await peak / 1e6);
            }

            string[] errors = [.. Error().Matches(output).Select(m => m.Groups["id"].Value).Distinct()];
            return errors.Length > 0 && !errors.Any(e => e.StartsWith("CS", StringComparison.Ordinal) || variant.Silenced.Contains(e))
                ? await TakeAsync(call, variant with { Silenced = [.. variant.Silenced, .. errors] }, cancellation)
                : throw new LoadException($"{call.Name} with {variant.Name} does not compile: {output.Split('\n').FirstOrDefault(l => l.Contains("error", StringComparison.Ordinal))}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<long> PeakAsync(Process process)
    {
        long peak = 0;
        try
        {
            while (!process.HasExited)
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
                await Task.Delay(50);
            }
        }
        catch (InvalidOperationException)
        {
            // It ended in between; what was read last is the peak but for some milliseconds.
        }

        return peak;
    }

    /// <summary>CPU time of all processes that this one started and that have ended: getrusage(2) for children.</summary>
    private static TimeSpan OfChildren()
    {
        const int Children = -1;
        Span<long> usage = stackalloc long[18];
        if (GetResourceUsage(Children, ref usage[0]) != 0)
        {
            throw new LoadException("CPU times of child processes cannot be read; this measurement runs on 64-bit Linux");
        }

        return TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]);
    }

    [GeneratedRegex(@": error (?<id>[A-Za-z]+\d+):")]
    private static partial Regex Error();

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, ref long usage);

    private static string Quoted(string argument) => argument.Contains(' ', StringComparison.Ordinal) && !argument.Contains('"', StringComparison.Ordinal) ? $"\"{argument}\"" : argument;

    /// <summary>The compiler of the newest SDK beside this program's runtime.</summary>
    private static string Compiler()
    {
        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        IEnumerable<string> found = Directory.GetDirectories(Path.Combine(root, "sdk")).Select(d => Path.Combine(d, "Roslyn", "bincore", "csc.dll")).Where(File.Exists);
        return found.Order(StringComparer.Ordinal).LastOrDefault() ?? throw new LoadException("The .NET SDK is missing: no compiler in " + root);
    }
}
