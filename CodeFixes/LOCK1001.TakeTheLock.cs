// Acquires the lock that is missing around the statement that misses it.
using System.Threading.Tasks;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Locking.CodeFixes;

/// <summary>Not where the lock is held shared: to acquire it exclusively then is a deadlock of its own.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TakeTheLock))]
public sealed class TakeTheLock() : LockingCodeFix("LOCK1001", "LOCK1002", "LOCK1004", "LOCK1005", "LOCK1008", "LOCK1101", "LOCK1102")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        bool exclusively = finding.Data(FindingData.ModeKey) != FindingData.Shared;
        if (finding.Data(FindingData.CaseKey) is null
            && LockName.OfReceiver(finding) is { } name
            && Holding.Find(finding, name, exclusively) is { } holding
            && await Enclosure.AroundAsync(finding, holding).ConfigureAwait(false) is { } changed)
        {
            await offers.AddAsync($"Acquire '{name.Text}' here", nameof(TakeTheLock), changed.Project.Solution).ConfigureAwait(false);
        }
    }
}
