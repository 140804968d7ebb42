// Contracts of one declaration do not contradict each other, and the declared order has no cycle.
using System.Collections.Generic;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class ContractsAgree : DeclarationRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK0002",
        "Contracts contradict each other",
        "{0}",
        "No caller and no body can keep contracts that contradict each other, and an order with a cycle orders nothing.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    /// <summary>Cycles in the orders that the assembly declares, which belong to no declaration.</summary>
    public static IEnumerable<Diagnostic> Find(DeclaredOrder order)
    {
        foreach (ContractProblem problem in order.ProblemsOfAssembly())
        {
            if (problem.Source.Locate(problem.Argument) is { SourceTree: not null } location)
            {
                yield return Diagnostic.Create(s_descriptor, location, problem.Text);
            }
        }
    }

    public override void Check(Declaration declaration, Findings findings)
    {
        foreach (ContractProblem problem in declaration.Problems)
        {
            if (problem.Kind == ProblemKind.Contradiction && problem.Source.Locate(problem.Argument) is { SourceTree: not null } location)
            {
                findings.Report(s_descriptor, location, problem.Text);
            }
        }
    }
}
