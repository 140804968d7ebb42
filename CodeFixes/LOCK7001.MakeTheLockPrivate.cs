// Makes a lock private that others can see and none uses.
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;

namespace Locking.CodeFixes;

/// <summary>Where nothing in the solution uses the field but its own type. Code that is not in the solution would miss it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeTheLockPrivate))]
public sealed class MakeTheLockPrivate() : LockingCodeFix("LOCK7001")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (finding.Model.GetSymbolInfo(LockedExpression.Of(finding.Node), finding.Cancellation).Symbol is not IFieldSymbol field
            || finding.DeclarationOf<FieldDeclarationSyntax>(field) is not { Node: { Declaration.Variables.Count: 1 } declaration, Document: { } document })
        {
            return;
        }

        SyntaxReference[] parts = field.ContainingType.DeclaringSyntaxReferences.ToArray();
        IEnumerable<ReferencedSymbol> uses = await SymbolFinder.FindReferencesAsync(field, finding.Solution, finding.Cancellation).ConfigureAwait(false);
        if (uses.SelectMany(u => u.Locations).All(l => parts.Any(p => p.SyntaxTree == l.Location.SourceTree && p.Span.Contains(l.Location.SourceSpan))))
        {
            Solution changed = await document.ReplaceAsync(declaration, Modifiers.MakePrivate(declaration), finding.Cancellation).ConfigureAwait(false);
            await offers.AddAsync($"Make '{field.Name}' private", nameof(MakeTheLockPrivate), changed).ConfigureAwait(false);
        }
    }
}
