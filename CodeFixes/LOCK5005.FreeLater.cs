// Frees an object after a grace period, by a callback of the domain.
using System.Linq;
using System.Threading.Tasks;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <summary>Where the domain takes callbacks. To wait for the grace period instead may block, and whether that is right here only its author knows.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(FreeLater))]
public sealed class FreeLater() : LockingCodeFix("LOCK5005", "LOCK5008")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (finding.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { Parent: ExpressionStatementSyntax } free
            && LockName.Of(finding) is { } domain
            && CallOf(finding, domain.Type) is { } call)
        {
            InvocationExpressionSyntax later = Microsoft.CodeAnalysis.CSharp.SyntaxFactory.ParseExpression($"{domain.Text}.{call.Name}(() => {free.WithoutTrivia()})") as InvocationExpressionSyntax ?? free;
            SyntaxNode root = finding.Root.ReplaceNode(free, later.WithTriviaFrom(free));
            await offers.AddAsync($"Free it after a grace period of '{domain.Text}'", nameof(FreeLater), root).ConfigureAwait(false);
        }
    }

    /// <summary>The method that runs an action after a grace period.</summary>
    private static IMethodSymbol? CallOf(Finding finding, ITypeSymbol domain) => domain.GetMembers().OfType<IMethodSymbol>()
        .Where(m => !finding.Contracts.Code(m).AfterGracePeriod.IsEmpty && finding.Model.IsAccessible(finding.Node.SpanStart, m))
        .FirstOrDefault(m => m.Parameters is { Length: 1 } parameters && (parameters[0].Type as INamedTypeSymbol)?.DelegateInvokeMethod is { ReturnsVoid: true, Parameters.Length: 0 });
}
