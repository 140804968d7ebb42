// What the analyzer says of a change, before it is offered: the finding is gone, and no lock got out of balance or out of order for it.
using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.CodeFixes;

/// <summary>Only the type around the finding is analysed, as an editor does; what takes the whole program to be found is taken to be fixed.</summary>
internal static class Outcome
{
    public static async Task<bool> IsGoodAsync(Finding finding, Solution after)
    {
        if (finding.Model.GetEnclosingSymbol(finding.Node.SpanStart, finding.Cancellation) is not { } at || TypeOf(at) is not { } type)
        {
            return true;
        }

        Project project = finding.Document.Project;
        ImmutableArray<Diagnostic> old = await FindAsync(project, type, finding.Cancellation).ConfigureAwait(false);
        ImmutableArray<Diagnostic> now = await FindAsync(after.GetProject(project.Id)!, type, finding.Cancellation).ConfigureAwait(false);
        return await IsGoneAsync(finding, after, old, now).ConfigureAwait(false) && !IsWorse(finding, old, now);
    }

    private static async Task<bool> IsGoneAsync(Finding finding, Solution after, ImmutableArray<Diagnostic> old, ImmutableArray<Diagnostic> now)
    {
        if (!old.Any(d => d.Id == finding.Diagnostic.Id && d.Location.SourceSpan == finding.Diagnostic.Location.SourceSpan && d.Location.SourceTree?.FilePath == finding.Root.SyntaxTree.FilePath))
        {
            return true;
        }

        ImmutableArray<OpenFinding> moved = await OpenFinding.MoveAsync(ImmutableArray.Create(OpenFinding.From(finding.Diagnostic, finding.Solution)), finding.Solution, after, finding.Cancellation).ConfigureAwait(false);
        Location place = await moved[0].Place.InAsync(after, finding.Cancellation).ConfigureAwait(false);
        return !now.Any(d => d.Id == finding.Diagnostic.Id && d.Location.SourceSpan == place.SourceSpan && d.Location.SourceTree?.FilePath == place.SourceTree?.FilePath);
    }

    /// <summary>A contract that is mended tells what was hidden before; anything else that leaves more locks wrong than it found is no fix.</summary>
    private static bool IsWorse(Finding finding, ImmutableArray<Diagnostic> old, ImmutableArray<Diagnostic> now) =>
        !finding.Diagnostic.Id.StartsWith("LOCK0", StringComparison.Ordinal)
        && now.Where(d => IsOfLocks(d.Id)).GroupBy(d => d.Id).Any(g => g.Count() > old.Count(d => d.Id == g.Key));

    private static bool IsOfLocks(string id) => id.StartsWith("LOCK2", StringComparison.Ordinal) || id.StartsWith("LOCK3", StringComparison.Ordinal) || id is "LOCK4001" or "LOCK4005";

    private static INamedTypeSymbol? TypeOf(ISymbol symbol) => (symbol as INamedTypeSymbol ?? symbol.ContainingType) is { } type ? ProgramModel.Outermost(type) : null;

    private static async Task<ImmutableArray<Diagnostic>> FindAsync(Project project, INamedTypeSymbol type, CancellationToken cancellation)
    {
        (ProgramModel model, INamedTypeSymbol? own) = await OpenAnalysis.OfTypeAsync(project, type, cancellation).ConfigureAwait(false);
        return own is null ? ImmutableArray<Diagnostic>.Empty : model.Findings(own, cancellation);
    }
}
