// A lock that nobody reassigns can say so: readonly.
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <summary>Where the field is assigned outside of constructors, and another object is really meant, no fix knows which.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeTheLockReadonly))]
public sealed class MakeTheLockReadonly() : LockingCodeFix("LOCK7002")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        ISymbol? locked = finding.Model.GetSymbolInfo(LockedExpression.Of(finding.Node), finding.Cancellation).Symbol;
        if (finding.Diagnostic.AdditionalLocations.Count == 0 && finding.DeclarationOf<FieldDeclarationSyntax>(locked) is { Node.Declaration.Variables.Count: 1 } field)
        {
            Solution changed = await field.Document.ReplaceAsync(field.Node, Modifiers.Add(field.Node, SyntaxKind.ReadOnlyKeyword), finding.Cancellation).ConfigureAwait(false);
            await offers.AddAsync($"Make '{locked!.Name}' readonly", nameof(MakeTheLockReadonly), changed).ConfigureAwait(false);
        }
    }
}
