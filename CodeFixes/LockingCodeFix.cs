// The base of fixes: find what to change, try the change, and offer it only where it changes something, compiles, and the finding is gone.
using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Locking.CodeFixes;

/// <summary>
/// Every change is made when it is found, not when it is chosen: what cannot be made is never offered. Fix-all is the same fix, finding after finding.
/// </summary>
public abstract class LockingCodeFix : CodeFixProvider
{
    /// <param name="ids">The rules whose findings it fixes.</param>
    private protected LockingCodeFix(params string[] ids) => FixableDiagnosticIds = ImmutableArray.Create(ids);

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => FixEverywhere.Instance;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            foreach (Offer offer in await OffersAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false))
            {
                context.RegisterCodeFix(CodeAction.Create(offer.Title, _ => Task.FromResult(offer.Changed), offer.Key), diagnostic);
            }
        }
    }

    /// <summary>The changes that fix a finding, tried and found good; the best one first.</summary>
    internal async Task<ImmutableArray<Offer>> OffersAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        Finding finding = await Finding.CreateAsync(document, diagnostic, cancellation).ConfigureAwait(false);
        var offers = new Offers(finding);
        await FindAsync(finding, offers).ConfigureAwait(false);
        return offers.ToImmutable();
    }

    /// <summary>Looks for changes that fix a finding.</summary>
    private protected abstract Task FindAsync(Finding finding, Offers offers);
}

/// <summary>A change that was tried.</summary>
/// <param name="Title">What it does, in the imperative.</param>
/// <param name="Key">The same for every change that one fix-all makes.</param>
/// <param name="Changed">The solution with the change.</param>
internal sealed record Offer(string Title, string Key, Solution Changed);
