// Writes what a member does with locks, for those who compile against it.
using System.Linq;
using System.Threading.Tasks;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Locking.CodeFixes;

/// <summary>An accessor that is no declaration of its own leaves it to its property.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WriteTheContracts))]
public sealed class WriteTheContracts() : LockingCodeFix("LOCK0008")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (finding.Data(FindingData.ContractsKey) is not { } contracts
            || ContractWriter.DeclarationOf(finding.Node) is not { } declaration
            || finding.Model.GetDeclaredSymbol(declaration, finding.Cancellation) is not { } member)
        {
            return;
        }

        InferredContract[] missing = contracts.Split('\n').Select(Parse).ToArray();
        if (missing.All(c => ContractWriter.Knows(finding.Model.Compilation, c.Name)))
        {
            SyntaxNode root = ContractWriter.AddAll(finding.Model, [(declaration, missing)], finding.Cancellation);
            await offers.AddAsync("Write the contracts that it keeps", nameof(WriteTheContracts), finding.Document.WithSyntaxRoot(root).Project.Solution).ConfigureAwait(false);
        }

        InferredContract Parse(string contract)
        {
            int space = contract.IndexOf(' ');
            return space < 0 ? new(member, contract, null) : new(member, contract.Substring(0, space), contract.Substring(space + 1));
        }
    }
}
