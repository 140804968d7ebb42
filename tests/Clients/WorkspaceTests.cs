// A workspace, as editors have one, gets findings, options and fixes out of the package.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.MSBuild;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Locking.Clients.Tests;

public sealed class WorkspaceTests(PackedSolution packed) : IClassFixture<PackedSolution>
{
    [Fact]
    public async Task Findings_FollowTheOptionsOfTheirDocument()
    {
        using MSBuildWorkspace workspace = MSBuildWorkspace.Create();
        Project project = await OpenAsync(workspace, "Findings");

        ImmutableArray<Diagnostic> findings = await Analysis(project, await CompileAsync(project)).GetAnalyzerDiagnosticsAsync(CancellationToken.None);

        string folder = Path.GetDirectoryName(project.FilePath)!;
        Assert.Equal(
            ["Account.cs(15) LOCK1001", "Mutable/Counter.cs(11) LOCK7002"],
            findings.Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => Describe(d, folder)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Fix_IsAppliedToTheFile()
    {
        using MSBuildWorkspace workspace = MSBuildWorkspace.Create();
        Project project = await OpenAsync(workspace, "Fixes");
        ImmutableArray<Diagnostic> findings = await Analysis(project, await CompileAsync(project)).GetAnalyzerDiagnosticsAsync(CancellationToken.None);
        Diagnostic finding = findings.Single(d => d.Id == "LOCK1001");

        CodeAction fix = await FirstFixAsync(project, finding);
        ApplyChangesOperation operation = (await fix.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single();

        Assert.True(workspace.TryApplyChanges(operation.ChangedSolution));
        Assert.Contains("lock (_gate)", await File.ReadAllTextAsync(finding.Location.SourceTree!.FilePath));
    }

    [Fact]
    public async Task ChangedDocument_IsAnalysedAlone()
    {
        using MSBuildWorkspace workspace = MSBuildWorkspace.Create();
        Project project = await OpenAsync(workspace, "Live");
        Compilation before = await CompileAsync(project);
        Document account = project.Documents.Single(d => d.Name == "Account.cs");
        SourceText text = await account.GetTextAsync();

        Document changed = account.WithText(text.Replace(text.ToString().IndexOf("_balance +=", StringComparison.Ordinal), 0, "_balance = 0; "));
        Compilation after = await CompileAsync(changed.Project);
        SemanticModel model = after.GetSemanticModel((await changed.GetSyntaxTreeAsync())!);
        var probe = new Probe();
        ImmutableArray<Diagnostic> findings = await Analysis(changed.Project, after, probe).GetAnalyzerSemanticDiagnosticsAsync(model, null, CancellationToken.None);

        // Both writes are on one line, and a line speaks once.
        Assert.Equal("_balance", text.ToString().Substring(findings.Single(d => d.Id == "LOCK1001").Location.SourceSpan.Start, "_balance".Length));
        Assert.Equal(["Account.cs"], probe.Analysed.Select(Path.GetFileName).Distinct());
        Assert.Equal(before.SyntaxTrees.Count() - 1, before.SyntaxTrees.Intersect(after.SyntaxTrees).Count());
    }

    private async Task<Project> OpenAsync(MSBuildWorkspace workspace, string name)
    {
        string folder = await packed.CopyAsync(name);
        Solution solution = await workspace.OpenSolutionAsync(Path.Combine(folder, "Consumer.sln"));
        Assert.DoesNotContain(workspace.Diagnostics, d => d.Kind == WorkspaceDiagnosticKind.Failure);
        return solution.Projects.Single();
    }

    private static async Task<Compilation> CompileAsync(Project project)
    {
        Compilation compilation = (await project.GetCompilationAsync())!;
        Assert.DoesNotContain(compilation.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);
        return compilation;
    }

    /// <summary>With the analyzers of the package, and of no other.</summary>
    private static CompilationWithAnalyzers Analysis(Project project, Compilation compilation, params DiagnosticAnalyzer[] others)
    {
        IEnumerable<DiagnosticAnalyzer> ours = References(project).SelectMany(r => r.GetAnalyzers(LanguageNames.CSharp));
        Assert.Equal(2, ours.Count());
        return compilation.WithAnalyzers([.. ours, .. others], project.AnalyzerOptions);
    }

    private static IEnumerable<AnalyzerFileReference> References(Project project) =>
        project.AnalyzerReferences.OfType<AnalyzerFileReference>().Where(r => Path.GetFileName(r.FullPath).StartsWith("Locking.", StringComparison.Ordinal));

    /// <summary>As hosts find fixes: among the types of the analyzer references.</summary>
    private static async Task<CodeAction> FirstFixAsync(Project project, Diagnostic finding)
    {
        Assembly assembly = References(project).Single(r => r.FullPath.EndsWith("CodeFixes.dll", StringComparison.Ordinal)).GetAssembly();
        var actions = new List<CodeAction>();
        foreach (Type type in assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(CodeFixProvider)) && !t.IsAbstract).OrderByDescending(t => t.Name, StringComparer.Ordinal))
        {
            var provider = (CodeFixProvider)Activator.CreateInstance(type)!;
            if (provider.FixableDiagnosticIds.Contains(finding.Id))
            {
                var context = new CodeFixContext(project.GetDocument(finding.Location.SourceTree)!, finding, (action, _) => actions.Add(action), CancellationToken.None);
                await provider.RegisterCodeFixesAsync(context);
            }
        }

        Assert.Equal(["Acquire '_gate' here", "Require '_gate' of the callers"], actions.Select(a => a.Title));
        return actions[0];
    }

    private static string Describe(Diagnostic finding, string folder)
    {
        FileLinePositionSpan place = finding.Location.GetLineSpan();
        return $"{Path.GetRelativePath(folder, place.Path).Replace('\\', '/')}({place.StartLinePosition.Line + 1}) {finding.Id}";
    }

    /// <summary>Notes which bodies the host shows to analyzers.</summary>
    private sealed class Probe : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor s_nothing = new("PROBE", "Nothing", "Nothing", "Test", DiagnosticSeverity.Hidden, isEnabledByDefault: true);

        public ConcurrentBag<string> Analysed { get; } = [];

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_nothing];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterOperationBlockAction(c => Analysed.Add(c.OperationBlocks[0].Syntax.SyntaxTree.FilePath));
        }
    }
}
