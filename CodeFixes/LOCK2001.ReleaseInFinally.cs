// Releases what was acquired however its region is left: by a lock statement, a guard, or in a finally block.
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Locking.CodeFixes;

/// <summary>
/// Where the method releases the lock somewhere at the same level, the region ends there; otherwise with the block. A lock that callers are
/// to get with the return wants <c>[Acquires]</c> instead, and its author knows.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReleaseInFinally))]
public sealed class ReleaseInFinally() : LockingCodeFix("LOCK2001", "LOCK2002", "LOCK5002")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        SyntaxNode at = finding.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() ?? finding.Node;
        CallEffect? acquire = CallEffect.Of(finding, at).FirstOrDefault(e => e.IsAcquire && e.Lock == finding.Data(FindingData.LockKey));
        if (acquire is null || HeldRegion.Find(finding, acquire) is not { } region || region.Hoist(finding) is not { } hoisted)
        {
            return;
        }

        foreach ((string title, string key, Holding holding, bool replacesAcquire) in Forms(finding, acquire, region))
        {
            List<TextChange> edits = [.. hoisted.Edits, .. region.Inner.Select(Lines.Remove)];
            edits.AddRange(new[] { region.Release, replacesAcquire ? region.Acquire : null }.OfType<StatementSyntax>().Select(Lines.Remove));
            // What is declared before the region has to stand before a try that follows its acquire, too.
            Document changed = Lines.Enclose(new Region(finding.Document, region.Statements[0], region.Statements[region.Statements.Count - 1], hoisted.Before, edits), holding);
            await offers.AddAsync(title, key, changed.Project.Solution).ConfigureAwait(false);
        }
    }

    private static IEnumerable<(string Title, string Key, Holding Holding, bool ReplacesAcquire)> Forms(Finding finding, CallEffect acquire, HeldRegion region)
    {
        string name = acquire.Lock;
        bool isPlain = region.Acquire is ExpressionStatementSyntax;
        if (isPlain && acquire.Method is { Name: "Enter", ContainingType: { Name: "Monitor" }, Parameters.Length: 1 })
        {
            yield return ($"Use a lock statement for '{name}'", "LockStatement", new Holding([$"lock ({name})"], [], name, LockKind.Monitor), true);
        }

        if (isPlain && GuardCall(finding, acquire, (ExpressionStatementSyntax)region.Acquire!) is { } call)
        {
            yield return ($"Hold '{name}' by a guard", "Guard", new Holding([$"using ({call})"], [], call, acquire.Path.Kind), true);
        }

        bool returnsGuard = finding.Contracts.IsScoped(acquire.Method.ReturnType);
        if (!returnsGuard && (region.Release?.ToString() ?? acquire.ReleaseText(finding)) is { } release)
        {
            yield return ($"Release '{name}' in a finally block", nameof(ReleaseInFinally), new Holding(["try"], ["finally", "{", "\t" + release, "}"], release, acquire.Path.Kind), false);
        }
    }

    /// <summary>The call that returns a guard: the same, or another of the lock's in the same mode.</summary>
    private static string? GuardCall(Finding finding, CallEffect acquire, ExpressionStatementSyntax statement)
    {
        if (finding.Contracts.IsScoped(acquire.Method.ReturnType))
        {
            return statement.Expression.ToString();
        }

        LockMethod? guard = LockName.Find(finding, acquire.Lock) is { Kind.IsMonitor: false } name
            ? LockMethod.Of(finding, name).Where(m => m is { IsAcquire: true, ReturnsGuard: true, IsAwaitable: false } && m.Mode == acquire.Clause.Mode).OrderBy(m => m.Method.Parameters.Length).FirstOrDefault()
            : null;
        return guard is null ? null : $"{acquire.Lock}.{guard.Method.Name}()";
    }
}
