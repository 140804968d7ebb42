// Says which bodies are not analysed because they exceed a limit; hidden, for it is nobody's mistake.
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Summaries;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class BodyTooLarge : Rule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK0007",
        "A body is too large to be analysed",
        "'{0}' is not analysed: it has {1}",
        "The limits are in Docs/limits.md. Nothing is reported for the body, and callers take it to leave everything as it is.",
        DiagnosticSeverity.Hidden);

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public static void Report(MemberCode member, Findings findings)
    {
        if (!member.Contract.Unchecked)
        {
            Location location = member.Symbol.Locations.FirstOrDefault(l => l.SourceTree == member.Syntax.SyntaxTree) ?? member.Syntax.GetLocation();
            findings.Report(s_descriptor, location, SpokenName.Of(member.Symbol), member.Body?.Limit ?? "expressions nested too deeply");
        }
    }
}
