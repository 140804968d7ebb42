// Runs the analyzers' inference over a type or a project, for those who want to write down what it finds.
using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.CodeFixes;

internal static class ContractInference
{
    /// <summary>The contracts that the code of an outermost type keeps, its private members being all that is in sight.</summary>
    public static async Task<ImmutableArray<InferredContract>> OfTypeAsync(Project project, INamedTypeSymbol type, CancellationToken cancellation)
    {
        ProgramModel model = await StartAsync(project, cancellation).ConfigureAwait(false);
        string id = type.GetDocumentationCommentId()!;
        if (DocumentationCommentId.GetFirstSymbolForDeclarationId(id, model.Reader.Compilation) is INamedTypeSymbol own)
        {
            model.Add(own, cancellation);
        }

        return model.InferredContracts(id, cancellation);
    }

    /// <summary>The contracts that the code of a project keeps.</summary>
    public static async Task<ImmutableArray<InferredContract>> OfProjectAsync(Project project, CancellationToken cancellation)
    {
        ProgramModel model = await StartAsync(project, cancellation).ConfigureAwait(false);
        model.AddAll(cancellation);
        return model.InferredContracts(null, cancellation);
    }

    private static async Task<ProgramModel> StartAsync(Project project, CancellationToken cancellation) =>
        ProgramModel.Of((await project.GetCompilationAsync(cancellation).ConfigureAwait(false))!, project.AnalyzerOptions, cancellation);
}
