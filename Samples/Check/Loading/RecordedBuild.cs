// A build of somebody's code by their own SDK, with the calls of the compiler written down.
using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Check.Loading;

/// <summary>
/// What <c>dotnet build</c> does with a solution or project. Nothing of it is guessed: references, generators, symbols and options are those of
/// the calls that the build makes. The build writes its usual output; sources and project files stay as they are.
/// </summary>
/// <param name="Calls">In the order of their names; one for each framework of a project.</param>
/// <param name="Problems">Errors of the build, one line each.</param>
internal sealed partial record RecordedBuild(IReadOnlyList<CompilerCall> Calls, IReadOnlyList<string> Problems)
{
    public static async Task<RecordedBuild> RunAsync(string path, CancellationToken cancellation)
    {
        DirectoryInfo record = Directory.CreateTempSubdirectory("locking");
        try
        {
            string output = await BuildAsync(path, record.FullName, cancellation);
            List<CompilerCall> calls = [.. record.GetFiles("*.call").Select(f => CompilerCall.Read(f.FullName))];
            return new RecordedBuild(Named(calls), [.. Error().Matches(output).Select(m => m.Value.Trim() + Wanted(output, m)).Distinct()]);
        }
        finally
        {
            record.Delete(recursive: true);
        }
    }

    private static async Task<string> BuildAsync(string path, string record, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(path))! };
        string targets = Path.Combine(AppContext.BaseDirectory, "Loading", "Record.targets");
        string[] arguments =
        [
            "build", Path.GetFullPath(path), "--nologo", "--tl:off", "-v:minimal", "-clp:ErrorsOnly",
            "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-p:CustomAfterMicrosoftCommonTargets=" + targets, "-p:LockingRecord=" + record,
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        try
        {
            using Process build = Process.Start(start)!;
            using CancellationTokenRegistration _ = cancellation.Register(() => build.Kill(entireProcessTree: true));
            Task<string> errors = build.StandardError.ReadToEndAsync(CancellationToken.None);
            string output = await build.StandardOutput.ReadToEndAsync(CancellationToken.None);
            await build.WaitForExitAsync(CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
            return output + await errors;
        }
        catch (Win32Exception)
        {
            throw new LoadException("The .NET SDK is missing: 'dotnet' cannot be started");
        }
    }

    /// <summary>A project that is built for several frameworks is several compilations, told apart by the framework.</summary>
    private static List<CompilerCall> Named(List<CompilerCall> calls)
    {
        HashSet<string> several = [.. calls.GroupBy(c => c.Name).Where(g => g.Count() > 1).Select(g => g.Key)];
        return [.. calls.Select(c => several.Contains(c.Name) ? c with { Name = $"{c.Name} ({c.Framework})" } : c).OrderBy(c => c.Name, StringComparer.Ordinal)];
    }

    /// <summary>Which SDK was asked for, and where, for the host says so a few lines on.</summary>
    private static string Wanted(string output, Match error) =>
        error.Groups["host"].Success && Sdk().Match(output) is { Success: true } sdk ? $" '{sdk.Groups["file"].Value.Trim()}' asks for {sdk.Groups["version"].Value.Trim()}." : "";

    [GeneratedRegex(@"^Requested SDK version:(?<version>.*)\n^global.json file:(?<file>.*)$", RegexOptions.Multiline)]
    private static partial Regex Sdk();

    /// <summary>An error of a compiler or of MSBuild, or what the SDK's host says when no SDK fits.</summary>
    [GeneratedRegex(@"^.*?(\berror [A-Z]+\d+:|\berror\s*:|MSBUILD : error|(?<host>A compatible .NET SDK was not found|No .NET SDKs were found)).*$", RegexOptions.Multiline)]
    private static partial Regex Error();
}
