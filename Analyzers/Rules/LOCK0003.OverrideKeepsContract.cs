// An override, an implementation or a delegate asks no more and promises no less than what it stands for.
using System.Linq;
using Locking.Analyzers.Contracts;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class OverrideKeepsContract : BodyRule, IDeclarationRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK0003",
        "An override, implementation or delegate asks more or promises less than what it stands for",
        "'{0}' {1}, and '{2}', which it stands for, does not say so",
        "Callers see the contract of the base member, the interface member or the delegate type, and keep only that one.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public void Check(Declaration declaration, Findings findings)
    {
        if (declaration.Symbol is not IMethodSymbol method || declaration.Code is not { Trusted: false } contract || contract is { HasClauses: false, MayBlock: false })
        {
            return;
        }

        foreach (IMethodSymbol ancestor in BaseMembers.Of(method))
        {
            if (Excess(method, contract, ancestor, declaration.Reader) is { } excess && !IsToldOfGetter(method, contract, declaration.Reader))
            {
                findings.Report(s_descriptor, (method.AssociatedSymbol ?? method).Locations[0], SpokenName.Of(method), excess, ancestor.ContainingType.Name + "." + SpokenName.Of(ancestor));
                return;
            }
        }
    }

    private static string? Excess(IMethodSymbol method, CodeContract contract, IMethodSymbol ancestor, ContractReader reader) =>
        ContractComparison.Excess(contract, reader.Code(ancestor), reader.Members, method.ContainingType);

    /// <summary>A contract of a property is one of both accessors, and one mistake.</summary>
    private static bool IsToldOfGetter(IMethodSymbol method, CodeContract contract, ContractReader reader) =>
        Declaration.IsSecond(method)
        && method.AssociatedSymbol is IPropertySymbol { GetMethod: { } getter }
        && BaseMembers.Of(getter).Any(a => Excess(getter, reader.Code(getter), a, reader) is { } excess && BaseMembers.Of(method).Any(b => Excess(method, contract, b, reader) == excess));

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is MethodConverted { Contract: var contract, Expected: var expected } conversion && !IsOfLock(conversion.Step.Method) && ContractComparison.Excess(contract, expected) is { } excess)
        {
            findings.Report(s_descriptor, conversion.Location, SpokenName.Of(conversion.Step.Method), excess, conversion.Step.DelegateType?.Name ?? "the delegate");
        }
    }

    /// <summary>To hand out the method that releases a lock is what it is for: <c>queue.Add(mutex.ReleaseMutex)</c>.</summary>
    private static bool IsOfLock(IMethodSymbol method) => method.ContainingType is { ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } };
}
