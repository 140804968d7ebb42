// Puts a node in the place of another one.
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace Locking.CodeFixes;

internal static class Replacement
{
    public static async Task<Solution> ReplaceAsync(this Document document, SyntaxNode old, SyntaxNode replacement, CancellationToken cancellation)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        return document.WithSyntaxRoot(root.ReplaceNode(old, replacement)).Project.Solution;
    }
}
