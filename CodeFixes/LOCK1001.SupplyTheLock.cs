// The two answers to a missing lock: acquire it here, or require it of the callers. Tools that take the first fix they find take the first one.
using System.Linq;
using System.Threading.Tasks;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Locking.CodeFixes;

/// <summary>Acquires the lock around the statement that misses it. Not where the lock is held shared: to acquire it exclusively then is a deadlock of its own.</summary>
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

/// <summary>
/// Leaves the lock to the callers, and says so. Not for members that callers reach through a base or an interface, who would not see it; nor for lambdas, which have no callers to be seen.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RequireTheLock))]
public sealed class RequireTheLock() : LockingCodeFix("LOCK1001", "LOCK1002", "LOCK1003", "LOCK1004", "LOCK1005", "LOCK5004")
{
    private protected override async Task FindAsync(Finding finding, Offers offers)
    {
        if (Member(finding.Node) is not { } member
            || finding.Data(FindingData.LockKey) is not { } path
            || MethodOf(finding, member) is not { } method
            || IsReachedThroughAnother(method)
            || LockName.InContract(finding, path) is not { } name)
        {
            return;
        }

        bool isShared = finding.Data(FindingData.ModeKey) == FindingData.Shared;
        string attribute = isShared && LockName.Of(finding) is { Kind.IsMonitor: false, Kind.HidesMonitor: false } ? "RequiresShared" : "Requires";
        string argument = ContractWriter.Argument(finding.Model, member.SpanStart, name);
        if (ContractWriter.Knows(finding.Model.Compilation, attribute)
            && ContractWriter.Add(finding.Model, member, attribute, argument, finding.Cancellation) is { } root)
        {
            await offers.AddAsync($"Require '{name}' of the callers", nameof(RequireTheLock), root).ConfigureAwait(false);
        }
    }

    /// <summary>The function that the node runs in, if callers can be told something about it.</summary>
    private static SyntaxNode? Member(SyntaxNode node) =>
        node.Ancestors().FirstOrDefault(a => a is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax or MemberDeclarationSyntax) switch
        {
            LocalFunctionStatementSyntax function => function,
            AccessorDeclarationSyntax accessor => accessor,
            BaseMethodDeclarationSyntax and not DestructorDeclarationSyntax and var method => method,
            BasePropertyDeclarationSyntax { } property when property.ChildNodes().OfType<ArrowExpressionClauseSyntax>().Any() => property,
            _ => null,
        };

    private static ISymbol? MethodOf(Finding finding, SyntaxNode member) =>
        finding.Model.GetDeclaredSymbol(member, finding.Cancellation) is { } symbol and not IMethodSymbol { MethodKind: MethodKind.StaticConstructor } ? symbol : null;

    private static bool IsReachedThroughAnother(ISymbol symbol)
    {
        ISymbol member = (symbol as IMethodSymbol)?.AssociatedSymbol ?? symbol;
        return member.IsOverride
            || member is IMethodSymbol { ExplicitInterfaceImplementations.IsEmpty: false } or IPropertySymbol { ExplicitInterfaceImplementations.IsEmpty: false }
            || (member is not IMethodSymbol { MethodKind: MethodKind.LocalFunction } && member.ContainingType.AllInterfaces
                .SelectMany(i => i.GetMembers(member.Name))
                .Any(m => SymbolEqualityComparer.Default.Equals(member.ContainingType.FindImplementationForInterfaceMember(m), member)));
    }
}
