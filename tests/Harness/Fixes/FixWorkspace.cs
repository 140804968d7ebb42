// A solution in memory for fix tests: two projects with the same source, compiled as rule tests compile it.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Formatting;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Host.Mef;

namespace Locking.Tests.Harness;

internal sealed class FixWorkspace
{
    // Without what editors add, which is here in part only.
    private static readonly MefHostServices s_host = MefHostServices.Create([typeof(Workspace).Assembly, typeof(CSharpFormattingOptions).Assembly]);

    private readonly AnalyzerOptions _options;
    private readonly bool _withRuntime;

    /// <param name="source">The document that tests look at.</param>
    /// <param name="others">Other documents.</param>
    /// <param name="editorConfig">Options for all.</param>
    /// <param name="withRuntime">Whether contracts and locks come from libraries.</param>
    public FixWorkspace(string source, IReadOnlyList<(string Name, string Text)> others, string editorConfig, bool withRuntime = true)
    {
        _withRuntime = withRuntime;
        _options = new AnalyzerOptions(ImmutableArray<AdditionalText>.Empty, new EditorConfig("root = true\n[*.cs]\n" + editorConfig, RuleTests.Folder));
        (Solution first, Test) = AddProject(new AdhocWorkspace(s_host).CurrentSolution, "One", source, others);
        (Solution, Other) = AddProject(first, "Two", source, others);
    }

    public Solution Solution { get; }

    /// <summary>The document that tests look at.</summary>
    public DocumentId Test { get; }

    /// <summary>The same in the second project.</summary>
    public DocumentId Other { get; }

    /// <summary>The findings in the first project.</summary>
    public ImmutableArray<Diagnostic> Find(Solution solution) => Find(solution.GetProject(Test.ProjectId)!);

    public CodeAction? FixAll(CodeFixProvider fix, string id, FixAllScope scope, string key)
    {
        var context = new FixAllContext(Solution.GetDocument(Test)!, fix, scope, key, [id], new Findings(this, id), CancellationToken.None);
        return fix.GetFixAllProvider()!.GetFixAsync(context).GetAwaiter().GetResult();
    }

    private ImmutableArray<Diagnostic> Find(Project project) => Analysis.Run(project.GetCompilationAsync().GetAwaiter().GetResult()!, options: _options);

    private (Solution, DocumentId) AddProject(Solution solution, string name, string source, IReadOnlyList<(string Name, string Text)> others)
    {
        CSharpCompilation like = Analysis.Compile([("", source)], _withRuntime);
        ProjectInfo info = ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, name, name, LanguageNames.CSharp,
            compilationOptions: like.Options, parseOptions: like.SyntaxTrees[0].Options, metadataReferences: like.References);
        var test = DocumentId.CreateNewId(info.Id);
        Solution added = solution.AddProject(info).AddDocument(test, "Test.cs", source, filePath: $"{RuleTests.Folder}{name}/Test.cs");
        foreach ((string other, string text) in others)
        {
            added = added.AddDocument(DocumentId.CreateNewId(info.Id), other, text, filePath: $"{RuleTests.Folder}{name}/{other}");
        }

        return (added, test);
    }

    /// <summary>Gives fix-all the findings of a rule.</summary>
    private sealed class Findings(FixWorkspace workspace, string id) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult(workspace.Find(project).Where(d => d.Id == id));

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            SyntaxTree tree = (await document.GetSyntaxTreeAsync(cancellationToken))!;
            return workspace.Find(document.Project).Where(d => d.Id == id && d.Location.SourceTree == tree);
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult(Enumerable.Empty<Diagnostic>());
    }
}
