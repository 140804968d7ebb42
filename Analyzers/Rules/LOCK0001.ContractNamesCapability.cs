// A contract names something that exists and can be held.
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class ContractNamesCapability : DeclarationRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK0001",
        "A contract names nothing, or something that is no capability",
        "{0}",
        "A contract that names nothing is no contract: nobody checks it. Names are those of parameters, of members of the type, and of types; nameof is safest.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(Declaration declaration, Findings findings)
    {
        foreach (ContractProblem problem in declaration.Problems)
        {
            if (problem.Kind == ProblemKind.NamesNothing && problem.Source.Locate(problem.Argument) is { SourceTree: not null } location)
            {
                findings.Report(s_descriptor, location, Sentence(problem.Text));
            }
        }
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text.Substring(1);
}
