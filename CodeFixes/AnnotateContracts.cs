// Writes the contracts that code keeps without having them: for a type, a project or the solution.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <summary>
/// Adds and never changes: what has a contract keeps it, so that a second run finds nothing to write. For a type it is tried before it is
/// offered; a project is looked at when that is asked for.
/// </summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(AnnotateContracts))]
public sealed class AnnotateContracts : CodeRefactoringProvider
{
    /// <inheritdoc/>
    public override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        Document document = context.Document;
        SyntaxNode root = (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false))!;
        if (root.FindToken(context.Span.Start).Parent is not TypeDeclarationSyntax declaration
            || !declaration.Identifier.Span.IntersectsWith(context.Span)
            || await document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model
            || model.GetDeclaredSymbol(declaration, context.CancellationToken) is not INamedTypeSymbol { ContainingType: null } type
            || !ContractWriter.Knows(model.Compilation, ContractCatalog.GuardedBy))
        {
            return;
        }

        Solution solution = document.Project.Solution;
        ImmutableArray<InferredContract> own = await ContractInference.OfTypeAsync(document.Project, type, context.CancellationToken).ConfigureAwait(false);
        Solution changed = await WriteAsync(solution, own, model.Compilation, context.CancellationToken).ConfigureAwait(false);
        if (await Trial.SucceedsAsync(solution, changed, context.CancellationToken).ConfigureAwait(false))
        {
            context.RegisterRefactoring(CodeAction.Create($"Write the contracts that '{type.Name}' keeps", _ => Task.FromResult(changed), "AnnotateType"));
        }

        if (LockUse.IsIn(declaration))
        {
            context.RegisterRefactoring(CodeAction.Create($"Write the contracts that project '{document.Project.Name}' keeps", c => OfProjectsAsync(solution, [document.Project.Id], c), "AnnotateProject"));
            context.RegisterRefactoring(CodeAction.Create("Write the contracts that the solution keeps", c => OfProjectsAsync(solution, solution.ProjectIds, c), "AnnotateSolution"));
        }
    }

    /// <summary>Projects one after another: those that depend on others see what was written there.</summary>
    private static async Task<Solution> OfProjectsAsync(Solution solution, IEnumerable<ProjectId> projects, CancellationToken cancellation)
    {
        HashSet<ProjectId> wanted = new(projects);
        foreach (ProjectId id in solution.GetProjectDependencyGraph().GetTopologicallySortedProjects(cancellation).Where(wanted.Contains))
        {
            Project project = solution.GetProject(id)!;
            if (project.Language == LanguageNames.CSharp)
            {
                ImmutableArray<InferredContract> contracts = await ContractInference.OfProjectAsync(project, cancellation).ConfigureAwait(false);
                solution = await WriteAsync(solution, contracts, (await project.GetCompilationAsync(cancellation).ConfigureAwait(false))!, cancellation).ConfigureAwait(false);
            }
        }

        return solution;
    }

    private static async Task<Solution> WriteAsync(Solution solution, IEnumerable<InferredContract> contracts, Compilation compilation, CancellationToken cancellation)
    {
        Solution changed = solution;
        foreach (IGrouping<SyntaxTree, (SyntaxNode Node, InferredContract[] Contracts)> file in Declarations(contracts, cancellation).GroupBy(d => d.Node.SyntaxTree))
        {
            if (solution.GetDocument(file.Key) is { } document)
            {
                SyntaxNode root = ContractWriter.AddAll(compilation.GetSemanticModel(file.Key), file.ToArray(), cancellation);
                changed = changed.WithDocumentSyntaxRoot(document.Id, root);
            }
        }

        return await Finish.DoAsync(solution, changed, cancellation).ConfigureAwait(false);
    }

    /// <summary>Where contracts are written. Fields that are declared together have to agree.</summary>
    private static IEnumerable<(SyntaxNode Node, InferredContract[] Contracts)> Declarations(IEnumerable<InferredContract> contracts, CancellationToken cancellation)
    {
        IEnumerable<(SyntaxNode? Node, InferredContract Contract)> placed = contracts
            .Where(c => c.Member.DeclaringSyntaxReferences.Length == 1)
            .Select(c => (ContractWriter.DeclarationOf(c.Member.DeclaringSyntaxReferences[0].GetSyntax(cancellation)), c));
        foreach (IGrouping<SyntaxNode?, InferredContract> group in placed.GroupBy(p => p.Node, p => p.Contract))
        {
            int variables = group.Key is BaseFieldDeclarationSyntax field ? field.Declaration.Variables.Count : 1;
            if (group.Key is { } node && (variables == 1 || (group.Count() == variables && group.Select(c => (c.Name, c.Path)).Distinct().Count() == 1)))
            {
                yield return (node, group.GroupBy(c => (c.Name, c.Path)).Select(g => g.First()).ToArray());
            }
        }
    }
}
