// A line of a contract file can be read, and names a member.
using System.Linq;
using Locking.Analyzers.Contracts;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class ContractFileIsRead : Rule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK0005",
        "A line of a contract file cannot be read, or names no member",
        "{0}",
        "A line that is not understood is no contract, and nobody would notice. The grammar is in Docs/contracts.md.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public static void Check(ContractLine line, ContractReader reader, Findings findings)
    {
        Location location = line.Source.Locate(0);
        if (line.Problem is { } problem)
        {
            findings.Report(s_descriptor, location, $"This line cannot be read: {problem}");
            return;
        }

        if (line.Clauses.FirstOrDefault(c => !ContractCatalog.Knows(c.Name)) is { } unknown)
        {
            findings.Report(s_descriptor, location, $"'{unknown.Name}' is no contract");
            return;
        }

        ISymbol[] symbols = ContractTable.Resolve(line.MemberId, reader.Compilation).ToArray();
        if (symbols.Length == 0)
        {
            findings.Report(s_descriptor, location, $"'{line.MemberId}' names no member that this compilation can see");
        }

        foreach (ISymbol symbol in symbols)
        {
            foreach (ContractProblem wrong in new Declaration(symbol, reader).Problems.Where(p => p.Source is FileSource source && source.Span == line.Source.Span))
            {
                findings.Report(s_descriptor, location, char.ToUpperInvariant(wrong.Text[0]) + wrong.Text.Substring(1));
            }
        }
    }
}
