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
        (ProgramModel model, _) = await OpenAnalysis.OfTypeAsync(project, type, cancellation).ConfigureAwait(false);
        return model.InferredContracts(type.GetDocumentationCommentId()!, cancellation);
    }

    /// <summary>The contracts that the code of a project keeps.</summary>
    public static async Task<ImmutableArray<InferredContract>> OfProjectAsync(Project project, CancellationToken cancellation)
    {
        ProgramModel model = await OpenAnalysis.OfAsync(project, cancellation).ConfigureAwait(false);
        model.AddAll(cancellation);
        return model.InferredContracts(null, cancellation);
    }
}
