// One call of the C# compiler, and the compilation that it stands for.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Locking.Check.Loading;

/// <param name="Name">The project's file name without its ending.</param>
/// <param name="Framework">What it is built for; empty for old project files.</param>
/// <param name="Folder">Where the compiler ran.</param>
/// <param name="Arguments">What it was given.</param>
internal sealed record CompilerCall(string Name, string Framework, string Folder, ImmutableArray<string> Arguments)
{
    private static readonly ConcurrentDictionary<string, PortableExecutableReference> s_references = new();

    /// <summary>Reads what Record.targets wrote: the project, its framework, then the arguments.</summary>
    public static CompilerCall Read(string file)
    {
        string[] lines = File.ReadAllLines(file);
        return new CompilerCall(
            Path.GetFileNameWithoutExtension(lines[0]), lines[1]["framework=".Length..], Path.GetDirectoryName(lines[0])!, [.. lines.Skip(2)]);
    }

    public LoadedProject Load()
    {
        CSharpCommandLineArguments parsed = CSharpCommandLineParser.Default.Parse(Arguments, Folder, sdkDirectory: null);
        AnalyzerConfigSet configs = AnalyzerConfigSet.Create(parsed.AnalyzerConfigPaths.Select(p => AnalyzerConfig.Parse(Text(p), p)).ToImmutableArray());
        var options = new ConfigOptions(configs);
        ImmutableArray<AdditionalText> additional = [.. parsed.AdditionalFiles.Select(f => new FileText(f.Path))];
        CSharpCompilation compilation = CSharpCompilation.Create(
            parsed.CompilationName ?? Name,
            parsed.SourceFiles.AsParallel().AsOrdered().Select(f => CSharpSyntaxTree.ParseText(Text(f.Path), parsed.ParseOptions, f.Path)),
            References(parsed),
            parsed.CompilationOptions.WithSyntaxTreeOptionsProvider(new ConfigSeverities(configs)).WithXmlReferenceResolver(null).WithStrongNameProvider(new DesktopStrongNameProvider()));
        return new LoadedProject(Name, WithGenerated(compilation, parsed, options, additional), new AnalyzerOptions(additional, options));
    }

    private static CSharpCompilation WithGenerated(
        CSharpCompilation compilation, CSharpCommandLineArguments parsed, ConfigOptions options, ImmutableArray<AdditionalText> additional)
    {
        ISourceGenerator[] generators = [.. parsed.AnalyzerReferences.SelectMany(r => Generators.In(r.FilePath))];
        if (generators.Length == 0)
        {
            return compilation;
        }

        CSharpGeneratorDriver.Create(generators, additional, parsed.ParseOptions, options).RunGeneratorsAndUpdateCompilation(compilation, out Compilation whole, out _);
        return (CSharpCompilation)whole;
    }

    private static IEnumerable<MetadataReference> References(CSharpCommandLineArguments parsed) =>
        from reference in parsed.MetadataReferences
        where File.Exists(reference.Reference)
        select s_references.GetOrAdd(reference.Reference, static p => MetadataReference.CreateFromFile(p)).WithProperties(reference.Properties);

    private static SourceText Text(string path)
    {
        using FileStream file = File.OpenRead(path);
        return SourceText.From(file);
    }

    private sealed class FileText(string path) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(System.Threading.CancellationToken cancellationToken = default) => Text(path);
    }
}
