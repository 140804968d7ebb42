// The changes that a fix has found: each is finished and tried before it counts.
using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Locking.CodeFixes;

internal sealed class Offers(Finding finding)
{
    private readonly ImmutableArray<Offer>.Builder _offers = ImmutableArray.CreateBuilder<Offer>();

    public ImmutableArray<Offer> ToImmutable() => _offers.ToImmutable();

    /// <summary>Offers another root for the document of the finding.</summary>
    public Task AddAsync(string title, string key, SyntaxNode root) => AddAsync(title, key, finding.Document.WithSyntaxRoot(root).Project.Solution);

    /// <summary>Offers another solution, if it is one, compiles, and fixes the finding.</summary>
    public async Task AddAsync(string title, string key, Solution changed)
    {
        Solution before = finding.Document.Project.Solution;
        Solution finished = await Finish.DoAsync(before, changed, finding.Cancellation).ConfigureAwait(false);
        if (await Trial.SucceedsAsync(before, finished, finding.Cancellation).ConfigureAwait(false) && await Outcome.IsGoodAsync(finding, finished).ConfigureAwait(false))
        {
            _offers.Add(new Offer(title, key, finished));
        }
    }
}
