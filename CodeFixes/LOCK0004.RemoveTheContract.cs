// Takes away a contract that changes nothing.
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveTheContract))]
public sealed class RemoveTheContract() : LockingCodeFix("LOCK0004")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        AttributeArgumentSyntax? argument = finding.Node.FirstAncestorOrSelf<AttributeArgumentSyntax>();
        if (finding.Node.FirstAncestorOrSelf<AttributeSyntax>() is not { } attribute)
        {
            return;
        }

        // A name that is said twice goes alone, where its contract names others.
        bool isOneOfMany = argument is not null && attribute.ArgumentList!.Arguments.Count(a => a.Expression is not LiteralExpressionSyntax { Token.Value: not string }) > 1;
        SyntaxNode root = isOneOfMany ? finding.Root.RemoveNode(argument!, SyntaxRemoveOptions.KeepNoTrivia)! : Without(finding.Root, attribute);
        await offers.AddAsync(isOneOfMany ? $"Remove {argument}" : $"Remove [{attribute.Name}]", nameof(RemoveTheContract), root).ConfigureAwait(false);
    }

    /// <summary>What stood before the only attribute of a list, a comment perhaps, stands before what follows it.</summary>
    private static SyntaxNode Without(SyntaxNode root, AttributeSyntax attribute)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        if (list.Attributes.Count > 1)
        {
            return root.RemoveNode(attribute, SyntaxRemoveOptions.KeepNoTrivia)!;
        }

        SyntaxToken next = list.GetLastToken().GetNextToken();
        SyntaxNode moved = root.ReplaceToken(next, next.WithLeadingTrivia(list.GetLeadingTrivia()));
        return moved.RemoveNode(moved.FindNode(list.Span), SyntaxRemoveOptions.KeepNoTrivia)!;
    }
}
