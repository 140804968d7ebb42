// A folder of sources that nothing says how to build.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Locking.Check.Loading;

/// <summary>
/// For code that does not restore: all its sources in one compilation, against the framework that this program runs on. What lies in packages
/// stays unknown, and the analyzers are silent about what they do not know.
/// </summary>
internal static class SourceFolder
{
    /// <summary>What code for current frameworks defines.</summary>
    private static readonly string[] s_symbols =
    [
        "NET", "NETCOREAPP", "NET5_0_OR_GREATER", "NET6_0_OR_GREATER", "NET7_0_OR_GREATER", "NET8_0_OR_GREATER", "NET9_0_OR_GREATER", "NET10_0_OR_GREATER",
        "NETCOREAPP3_0_OR_GREATER", "NETCOREAPP3_1_OR_GREATER", "NETSTANDARD2_0_OR_GREATER", "NETSTANDARD2_1_OR_GREATER", "NET10_0",
    ];

    /// <exception cref="LoadException">There is no source in the folder.</exception>
    public static LoadedProject Load(string folder)
    {
        string[] files = [.. Files(folder)];
        if (files.Length == 0)
        {
            throw new LoadException($"'{folder}' has no C# source");
        }

        var parse = new CSharpParseOptions(LanguageVersion.Preview, preprocessorSymbols: s_symbols);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Sources",
            files.AsParallel().AsOrdered().Select(f => CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(f)), parse, f)),
            Framework(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        return new LoadedProject(Path.GetFileName(folder), compilation, new AnalyzerOptions([]));
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(folder, f).Split(Path.DirectorySeparatorChar).Any(p => p is "bin" or "obj" or ".git"))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<MetadataReference> Framework()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetDirectoryName(p) == runtime)
            .Select(p => MetadataReference.CreateFromFile(p));
    }
}
