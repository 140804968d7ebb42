// A field that is tested without its lock is volatile.
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <summary>Where its type cannot be volatile the change does not compile and is not offered.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeTheFieldVolatile))]
public sealed class MakeTheFieldVolatile() : LockingCodeFix("LOCK6005")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (finding.Member() is IFieldSymbol symbol && finding.DeclarationOf<FieldDeclarationSyntax>(symbol) is { Node.Declaration.Variables.Count: 1 } field)
        {
            Solution changed = await field.Document.ReplaceAsync(field.Node, Modifiers.Add(field.Node, SyntaxKind.VolatileKeyword), finding.Cancellation).ConfigureAwait(false);
            await offers.AddAsync($"Make '{symbol.Name}' volatile", nameof(MakeTheFieldVolatile), changed).ConfigureAwait(false);
        }
    }
}
