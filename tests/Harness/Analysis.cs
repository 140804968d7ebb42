// Compiles source and runs the analyzers over it, as a build does.
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using Locking.Analyzers;
using Locking.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Emit;
using Xunit;

namespace Locking.Tests.Harness;

internal static class Analysis
{
    private static readonly ImmutableArray<MetadataReference> s_framework =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "netstandard.dll" or "mscorlib.dll")
        .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToImmutableArray();

    /// <summary>The contract attributes, and the locks of the tests, which lie in the test assembly itself.</summary>
    private static readonly ImmutableArray<MetadataReference> s_libraries =
        [MetadataReference.CreateFromFile(typeof(GuardedByAttribute).Assembly.Location), MetadataReference.CreateFromFile(typeof(Rules.TestLocks.Gate).Assembly.Location)];

    /// <summary>Rules that are off by default are asked for; those who do not want them look for other ids.</summary>
    private static readonly ImmutableDictionary<string, ReportDiagnostic> s_off =
        RuleList.All.Where(r => !r.Descriptor.IsEnabledByDefault).ToImmutableDictionary(r => r.Descriptor.Id, _ => ReportDiagnostic.Hidden);

    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } = ImmutableArray.Create<DiagnosticAnalyzer>(new LockingAnalyzer(), new LockOrderAnalyzer());

    /// <param name="sources">The files.</param>
    /// <param name="withRuntime">Whether the contract attributes come from the library.</param>
    /// <param name="name">The name of the assembly.</param>
    /// <param name="projects">What else it refers to.</param>
    public static CSharpCompilation Compile(
        IEnumerable<(string Path, string Text)> sources, bool withRuntime = true, string name = "Test", IEnumerable<MetadataReference>? projects = null)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Preview);
        ImmutableArray<SyntaxTree> trees = [.. sources.Select(s => CSharpSyntaxTree.ParseText(s.Text, parse, s.Path))];
        bool isProgram = trees.Any(t => t.GetCompilationUnitRoot().Members.Any(m => m is GlobalStatementSyntax));
        var options = new CSharpCompilationOptions(
            isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable,
            allowUnsafe: true,
            specificDiagnosticOptions: s_off);
        ImmutableArray<MetadataReference> references = withRuntime ? s_framework.AddRange(s_libraries) : s_framework;
        return CSharpCompilation.Create(name, trees, references.AddRange(projects ?? []), options);
    }

    /// <summary>A project as those see it that refer to it: what a build hands on is a reference assembly, with visible members only.</summary>
    public static MetadataReference Built(Compilation project)
    {
        using var stream = new MemoryStream();
        EmitResult result = project.Emit(stream, options: new EmitOptions(metadataOnly: true, includePrivateMembers: false));
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return MetadataReference.CreateFromImage(stream.ToArray());
    }

    /// <summary>The findings in the order of their places. An exception in an analyzer is rethrown, an error in the source fails the test.</summary>
    public static ImmutableArray<Diagnostic> Run(Compilation compilation, bool allowErrors = false, AnalyzerOptions? options = null)
    {
        if (!allowErrors)
        {
            IEnumerable<Diagnostic> errors = compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error);
            Assert.True(!errors.Any(), "The source does not compile:\n" + string.Join("\n", errors));
        }

        Exception? failure = null;
        var settings = new CompilationWithAnalyzersOptions(
            options ?? new AnalyzerOptions(ImmutableArray<AdditionalText>.Empty),
            onAnalyzerException: (exception, _, _) => failure ??= exception,
            concurrentAnalysis: true,
            logAnalyzerExecutionTime: false);
        ImmutableArray<Diagnostic> found = compilation.WithAnalyzers(Analyzers, settings).GetAnalyzerDiagnosticsAsync(CancellationToken.None).GetAwaiter().GetResult();
        if (failure is not null)
        {
            throw new InvalidOperationException("An analyzer failed: " + failure.Message, failure);
        }

        return found
            .OrderBy(d => d.Location.GetLineSpan().Path, StringComparer.Ordinal)
            .ThenBy(d => d.Location.SourceSpan.Start)
            .ThenBy(d => d.Id, StringComparer.Ordinal)
            .ToImmutableArray();
    }
}
