// What the analyzers know of a project as it is being edited.
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.CodeFixes;

internal static class OpenAnalysis
{
    public static async Task<ProgramModel> OfAsync(Project project, CancellationToken cancellation) =>
        ProgramModel.Of((await project.GetCompilationAsync(cancellation).ConfigureAwait(false))!, project.AnalyzerOptions, cancellation);

    /// <summary>The same with the bodies of an outermost type taken in, and the type as the project has it, for hosts make copies of their compilations; null where it does not have it.</summary>
    public static async Task<(ProgramModel Model, INamedTypeSymbol? Type)> OfTypeAsync(Project project, INamedTypeSymbol type, CancellationToken cancellation)
    {
        ProgramModel model = await OfAsync(project, cancellation).ConfigureAwait(false);
        INamedTypeSymbol? own = DocumentationCommentId.GetSymbolsForDeclarationId(type.GetDocumentationCommentId()!, model.Reader.Compilation)
            .OfType<INamedTypeSymbol>()
            .FirstOrDefault(t => SymbolEqualityComparer.Default.Equals(t.ContainingAssembly, model.Reader.Compilation.Assembly));
        if (own is not null)
        {
            model.Add(own, cancellation);
        }

        return (model, own);
    }
}
