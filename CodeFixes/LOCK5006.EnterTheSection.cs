// Uses what a protected pointer points to inside a read section, together with the read of the pointer.
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EnterTheSection))]
public sealed class EnterTheSection() : LockingCodeFix("LOCK5006")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (LockName.Of(finding) is not { } name || Holding.Find(finding, name, exclusively: false) is not { } holding)
        {
            return;
        }

        Document? changed = LocalOf(finding) is { } local
            ? AroundAllUses(finding, local, holding)
            : await Enclosure.AroundAsync(finding, holding).ConfigureAwait(false);
        if (changed is not null)
        {
            await offers.AddAsync($"Enter a section of '{name.Text}'", nameof(EnterTheSection), changed.Project.Solution).ConfigureAwait(false);
        }
    }

    /// <summary>The local that the pointer was read into before.</summary>
    private static ILocalSymbol? LocalOf(Finding finding)
    {
        SyntaxNode node = finding.Node;
        while (node is MemberAccessExpressionSyntax or ConditionalAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax or PostfixUnaryExpressionSyntax)
        {
            node = node.ChildNodes().First();
        }

        return finding.Model.GetSymbolInfo(node, finding.Cancellation).Symbol as ILocalSymbol;
    }

    /// <summary>From the declaration of the local to its last use; what else is declared there and used behind is declared before.</summary>
    private static Document? AroundAllUses(Finding finding, ILocalSymbol local, Holding holding)
    {
        if (finding.DeclarationOf<LocalDeclarationStatementSyntax>(local) is not { Node: { Parent: BlockSyntax block, Declaration.Variables: { Count: 1 } variables } declaration }
            || variables[0].Initializer is null
            || holding.IsAround(declaration))
        {
            return null;
        }

        StatementSyntax[] from = block.Statements.SkipWhile(s => s != declaration).ToArray();
        int last = System.Array.FindLastIndex(from, s => s.DescendantNodes().OfType<IdentifierNameSyntax>().Any(n => SymbolEqualityComparer.Default.Equals(finding.Model.GetSymbolInfo(n).Symbol, local)));
        IReadOnlyList<StatementSyntax> held = from.Take(last + 1).ToArray();
        return last > 0 && new HeldRegion(null, held, null, []).Hoist(finding) is { } hoisted
            ? Lines.Enclose(new Region(finding.Document, held[0], held[held.Count - 1], hoisted.Before, hoisted.Edits), holding)
            : null;
    }
}
