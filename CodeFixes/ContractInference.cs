// Runs the analyzers' inference over a type or a project, for those who want to write down what it finds.
using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Locking.Analyzers.Rules;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Locking.CodeFixes;

internal static class ContractInference
{
    /// <summary>The contracts that the code of an outermost type keeps, its private members being all that is in sight.</summary>
    public static async Task<ImmutableArray<InferredContract>> OfTypeAsync(Project project, INamedTypeSymbol type, CancellationToken cancellation)
    {
        (Collector collector, CompilationWithAnalyzers analysis) = await StartAsync(project, cancellation).ConfigureAwait(false);
        foreach (SyntaxReference part in type.DeclaringSyntaxReferences)
        {
            SemanticModel model = analysis.Compilation.GetSemanticModel(part.SyntaxTree);
            await analysis.GetAnalyzerSemanticDiagnosticsAsync(model, null, cancellation).ConfigureAwait(false);
        }

        return collector.Model?.InferredContracts(type.GetDocumentationCommentId(), cancellation) ?? ImmutableArray<InferredContract>.Empty;
    }

    /// <summary>The contracts that the code of a project keeps.</summary>
    public static async Task<ImmutableArray<InferredContract>> OfProjectAsync(Project project, CancellationToken cancellation)
    {
        (Collector collector, CompilationWithAnalyzers analysis) = await StartAsync(project, cancellation).ConfigureAwait(false);
        await analysis.GetAnalyzerDiagnosticsAsync(cancellation).ConfigureAwait(false);
        return collector.Model?.InferredContracts(null, cancellation) ?? ImmutableArray<InferredContract>.Empty;
    }

    private static async Task<(Collector, CompilationWithAnalyzers)> StartAsync(Project project, CancellationToken cancellation)
    {
        Compilation compilation = (await project.GetCompilationAsync(cancellation).ConfigureAwait(false))!;
        var collector = new Collector();
        return (collector, compilation.WithAnalyzers(ImmutableArray.Create<DiagnosticAnalyzer>(collector), project.AnalyzerOptions));
    }

    // No analyzer for hosts to find: it reports nothing, and is here to be shown the bodies with the graphs that the host shares.
#pragma warning disable RS1001, RS1008
    private sealed class Collector : DiagnosticAnalyzer
#pragma warning restore RS1001, RS1008
    {
        public ProgramModel? Model { get; private set; }

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(RuleList.All[0].Descriptor);

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze);
            context.RegisterCompilationStartAction(c =>
            {
                ProgramModel model = ProgramModel.Of(c.Compilation, c.Options, c.CancellationToken);
                Model = model;
                c.RegisterOperationBlockAction(model.Add);
            });
        }
    }
}
