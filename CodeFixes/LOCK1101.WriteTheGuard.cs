// Writes down the guard that a field or an automatic property has anyway.
using System.Threading.Tasks;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <summary>The place that does without the lock stays a finding, of the rule for what is written.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WriteTheGuard))]
public sealed class WriteTheGuard() : LockingCodeFix("LOCK1101", "LOCK1102", "LOCK6004")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (finding.Data(FindingData.LockKey) is not { } path
            || finding.Member() is not { } symbol
            || finding.DeclarationOf<MemberDeclarationSyntax>(symbol) is not { Node: FieldDeclarationSyntax { Declaration.Variables.Count: 1 } or PropertyDeclarationSyntax, Document: { } document } found)
        {
            return;
        }

        // A collection that is its own lock has to be read before it can be locked.
        string attribute = path == symbol.Name ? "ContentsGuardedBy" : "GuardedBy";
        SemanticModel model = (await document.GetSemanticModelAsync(finding.Cancellation).ConfigureAwait(false))!;
        string argument = ContractWriter.Argument(model, found.Node.SpanStart, path);
        if (ContractWriter.Knows(model.Compilation, attribute) && ContractWriter.Add(model, found.Node, attribute, argument, finding.Cancellation) is { } root)
        {
            await offers.AddAsync($"Write that '{path}' guards '{symbol.Name}'", nameof(WriteTheGuard), document.WithSyntaxRoot(root).Project.Solution).ConfigureAwait(false);
        }
    }
}
