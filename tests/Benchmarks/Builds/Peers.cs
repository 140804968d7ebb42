// Other analyzers, for comparison: those that can be restored.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Benchmarks.Builds;

internal static class Peers
{
    private static readonly (string Package, string Version)[] s_packages =
    [
        ("SonarAnalyzer.CSharp", "10.36.0.15337"),
        ("Microsoft.VisualStudio.Threading.Analyzers", "18.12.1"),
        ("Meziantou.Analyzer", "3.0.321"),
        ("Roslynator.Analyzers", "5.0.1"),
    ];

    /// <summary>Those that the package source has, with the assemblies that the SDK would hand to the compiler.</summary>
    public static async Task<IReadOnlyList<Variant>> FindAsync(CancellationToken cancellation)
    {
        string[] none = await AnalyzersAsync("", cancellation) ?? [];
        var found = new List<Variant>();
        foreach ((string package, string version) in s_packages)
        {
            if (await AnalyzersAsync($"<PackageReference Include=\"{package}\" Version=\"[{version}]\" />", cancellation) is { } with)
            {
                found.Add(new Variant($"{package} {version}", false, [.. with.Except(none)]));
            }
            else
            {
                Console.Error.WriteLine($"{package} {version} cannot be restored and is left out");
            }
        }

        return found;
    }

    private static async Task<string[]?> AnalyzersAsync(string reference, CancellationToken cancellation)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("locking-peer");
        try
        {
            string project = Path.Combine(folder.FullName, "Peer.csproj");
            await File.WriteAllTextAsync(project, $"<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup>{reference}</ItemGroup></Project>", cancellation);
            var start = new ProcessStartInfo("dotnet", ["build", project, "-t:ResolvePackageAssets;ResolveLockFileAnalyzers", "-getItem:Analyzer", "--nologo"]) { RedirectStandardOutput = true };
            using Process build = Process.Start(start)!;
            string output = await build.StandardOutput.ReadToEndAsync(cancellation);
            await build.WaitForExitAsync(cancellation);
            return build.ExitCode == 0 ? [.. JsonNode.Parse(output)!["Items"]!["Analyzer"]!.AsArray().Select(a => (string)a!["FullPath"]!)] : null;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
