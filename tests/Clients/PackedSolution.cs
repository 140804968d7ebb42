// A solution that consumes the packages: packed once, each test with a copy of its own.
using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Xunit;

namespace Locking.Clients.Tests;

/// <summary>Needs the SDK that runs the tests and no package source but the packages just made.</summary>
public sealed class PackedSolution : IDisposable
{
    /// <summary>The longest that one of the tools may take before it counts as hanging.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private static readonly string s_repository = Path.GetFullPath(Metadata("RepositoryRoot"));

    private readonly string _root = Directory.CreateTempSubdirectory("locking-clients-").FullName;

    public PackedSolution()
    {
        string feed = Path.Combine(_root, "feed");
        foreach (string project in new[] { "CodeFixes/Completion/Locking.Completion.csproj", "Runtime/Locking.Runtime.csproj" })
        {
            Run(s_repository, "pack", project, "--no-build", "--configuration", Metadata("Configuration"), "--output", feed).GetAwaiter().GetResult();
        }

        File.Copy(Path.Combine(s_repository, "tests", "Package", "nuget.config"), Path.Combine(_root, "nuget.config"));
    }

    /// <summary>A restored copy of the solution.</summary>
    /// <param name="name">The folder it gets.</param>
    public async Task<string> CopyAsync(string name)
    {
        string from = Path.Combine(s_repository, "tests", "Clients", "Consumer");
        string folder = Path.Combine(_root, name);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(folder, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        await Run(folder, "restore", "Consumer.sln");
        return folder;
    }

    /// <summary>Runs the SDK's command; it has to succeed.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NUGET_PACKAGES"] = Path.Combine(_root, "packages");
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(s_patience);
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} failed:\n{await output}{await errors}");
        return await output;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string Metadata(string key) => typeof(PackedSolution).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
