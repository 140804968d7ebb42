// Completion in the strings of contracts, as an editor finds, asks and applies it.
using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Locking.Editor.Tests;

public sealed class CompletionTests
{
    private const string Source = """
        using System.Threading;
        using Locking;

        public class Account
        {
            private readonly Lock _gate = new();
            private readonly object _root = new();

            [GuardedBy("_$$")]
            private int _balance;
        }
        """;

    [Fact]
    public async Task AnEditor_OffersLocks_AndWritesTheOneThatIsTaken()
    {
        using var workspace = new AdhocWorkspace(MefHostServices.Create(
            MefHostServices.DefaultAssemblies.Add(Assembly.Load("Microsoft.CodeAnalysis.Features")).Add(Assembly.Load("Microsoft.CodeAnalysis.CSharp.Features"))));
        int position = Source.IndexOf("$$", StringComparison.Ordinal);
        Document document = Open(workspace, Source.Remove(position, 2));
        SourceText text = await document.GetTextAsync();
        CompletionService completion = CompletionService.GetService(document)!;
        Assert.True(completion.ShouldTriggerCompletion(text, position, CompletionTrigger.CreateInsertionTrigger('"')));

        CompletionList offered = await completion.GetCompletionsAsync(document, position);
        Assert.Equal(["_gate", "_root", "this"], offered.ItemsList.Select(item => item.DisplayText));
        CompletionItem first = offered.ItemsList[0];
        Assert.Equal("Lock _gate", (await completion.GetDescriptionAsync(document, first))!.Text);
        TextChange change = (await completion.GetChangeAsync(document, first)).TextChange;
        Assert.Contains("[GuardedBy(\"_gate\")]", text.WithChanges(change).ToString(), StringComparison.Ordinal);
    }

    private static Document Open(AdhocWorkspace workspace, string source)
    {
        ILookup<bool, string> loaded = typeof(CompletionTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Loaded").Value!
            .Split(';').ToLookup(path => Path.GetFileName(path) == "Locking.Runtime.dll");
        string[] platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        Project project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Default,
            "Accounts",
            "Accounts",
            LanguageNames.CSharp,
            metadataReferences: platform.Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)).Concat(loaded[true])
                .Select(path => MetadataReference.CreateFromFile(path)),
            analyzerReferences: loaded[false].Select(path => new AnalyzerFileReference(path, new Loader()))));
        return workspace.AddDocument(project.Id, "Account.cs", SourceText.From(source));
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
