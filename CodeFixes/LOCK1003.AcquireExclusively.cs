// Acquires a lock exclusively that was acquired shared, for a write.
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

/// <summary>
/// The acquire and the releases of its region change together, by name alone: the lock has to have the same methods in both modes. What is
/// held upgradeable is acquired exclusively inside, around the write.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AcquireExclusively))]
public sealed class AcquireExclusively() : LockingCodeFix("LOCK1003")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (finding.Data(FindingData.LockKey) is not { } path || AcquiredAround.Find(finding, path) is not { } acquired)
        {
            return;
        }

        Document? changed = null;
        if (acquired.Acquire.Clause.Mode == Mode.Shared && Renames(finding, acquired) is { } edits)
        {
            changed = finding.Document.WithText(finding.Root.SyntaxTree.GetText(finding.Cancellation).WithChanges(edits));
        }
        else if (acquired.Acquire.Clause.Mode == Mode.Upgradeable && LockName.Of(finding) is { } name && Holding.Find(finding, name, exclusively: true) is { } holding)
        {
            changed = await Enclosure.AroundAsync(finding, holding).ConfigureAwait(false);
        }

        if (changed is not null)
        {
            await offers.AddAsync($"Acquire '{path}' exclusively", nameof(AcquireExclusively), changed.Project.Solution).ConfigureAwait(false);
        }
    }

    /// <summary>The new names; null where a call has no counterpart. A release that fits any mode keeps its name.</summary>
    private static IEnumerable<TextChange>? Renames(Finding finding, AcquiredAround acquired)
    {
        var edits = new List<TextChange>();
        foreach (CallEffect effect in acquired.Releases.Where(r => r.Clause.Mode == Mode.Shared).Prepend(acquired.Acquire))
        {
            SimpleNameSyntax? name = (effect.Call.Expression as MemberAccessExpressionSyntax)?.Name ?? effect.Call.Expression as SimpleNameSyntax;
            if (name is null || Counterpart(finding, effect) is not { } other)
            {
                return null;
            }

            edits.Add(new TextChange(name.Span, other.Name));
        }

        return edits.OrderBy(e => e.Span.Start);
    }

    private static IMethodSymbol? Counterpart(Finding finding, CallEffect effect) => effect.Method.ContainingType.GetMembers().OfType<IMethodSymbol>()
        .Where(m => m.MethodKind == MethodKind.Ordinary && m.IsStatic == effect.Method.IsStatic && finding.Model.IsAccessible(effect.Call.SpanStart, m))
        .Where(m => m.Parameters.Select(p => p.Type).SequenceEqual(effect.Method.Parameters.Select(p => p.Type), SymbolEqualityComparer.Default))
        .FirstOrDefault(m => Returns(finding, m) == Returns(finding, effect.Method) && DoesTheSame(finding.Contracts.Code(m), effect));

    private static bool DoesTheSame(CodeContract contract, CallEffect effect) =>
        contract.Clauses.Where(c => c.ChangesWhatIsHeld).ToArray() is { Length: 1 } clauses
        && clauses[0].Mode == Mode.Exclusive
        && clauses[0].Kind == effect.Clause.Kind
        && clauses[0].Paths.SequenceEqual(effect.Clause.Paths);

    /// <summary>What a caller can do with the result: all guards are alike.</summary>
    private static (string Task, string Value) Returns(Finding finding, IMethodSymbol method)
    {
        bool isTask = method.ReturnType is INamedTypeSymbol { Name: "Task" or "ValueTask" };
        ITypeSymbol? value = isTask ? ((INamedTypeSymbol)method.ReturnType).TypeArguments.FirstOrDefault() : method.ReturnType;
        return (isTask ? method.ReturnType.Name : "", finding.Contracts.IsScoped(value) ? "a guard" : value?.ToDisplayString() ?? "");
    }
}
