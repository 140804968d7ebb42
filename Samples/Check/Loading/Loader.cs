// From a path to compilations: a solution or project is built, a folder is read.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Check.Loading;

/// <summary>What a path leads to, each project loaded when it is asked for.</summary>
/// <param name="Projects">In the order of their names.</param>
/// <param name="Problems">What could not be built or read; one line each.</param>
internal sealed record LoadedCode(IReadOnlyList<(string Name, Func<LoadedProject> Load)> Projects, IReadOnlyList<string> Problems);

internal static class Loader
{
    private static readonly string[] s_buildable = [".sln", ".slnx", ".slnf", ".csproj"];

    /// <param name="path">A solution, a project, or a folder.</param>
    /// <param name="asFolder">Reads the sources below a folder with references to this program's framework, and builds nothing.</param>
    /// <exception cref="LoadException">There is nothing there that could be loaded.</exception>
    public static async Task<LoadedCode> LoadAsync(string path, bool asFolder, CancellationToken cancellation)
    {
        if (asFolder)
        {
            string folder = Directory.Exists(path) ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) : throw new LoadException($"'{path}' is no folder");
            return new LoadedCode([(Path.GetFileName(folder), () => SourceFolder.Load(folder))], []);
        }

        RecordedBuild build = await RecordedBuild.RunAsync(Buildable(path), cancellation);
        if (build.Calls.Count == 0)
        {
            throw new LoadException(build.Problems.FirstOrDefault() ?? $"'{path}' has no C# project");
        }

        return new LoadedCode([.. build.Calls.Select(c => (c.Name, (Func<LoadedProject>)c.Load))], build.Problems);
    }

    /// <summary>The file to build: the path itself, or the only solution or project in it.</summary>
    private static string Buildable(string path)
    {
        if (File.Exists(path))
        {
            return s_buildable.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
                ? path
                : throw new LoadException($"'{path}' is neither a solution nor a C# project");
        }

        if (!Directory.Exists(path))
        {
            throw new LoadException($"'{path}' does not exist");
        }

        string[][] candidates = [.. s_buildable.Select(e => Directory.GetFiles(path, "*" + e))];
        string[] found = candidates.FirstOrDefault(c => c.Length > 0)
            ?? throw new LoadException($"'{path}' has no solution and no C# project; --folder reads its sources without one");
        return found.Length == 1 ? found[0] : throw new LoadException($"'{path}' has several: {string.Join(", ", found.Select(Path.GetFileName).Order())}; name one");
    }
}
