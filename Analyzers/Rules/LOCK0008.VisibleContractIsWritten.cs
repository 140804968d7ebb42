// Says where other assemblies would need to know what a member does with locks; off until asked for.
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class VisibleContractIsWritten : Rule, IProgramRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK0008",
        "A member that other projects see keeps a contract that is not written",
        "'{0}' keeps {1}, which other projects do not see",
        "What a body does with locks is inferred within its project. Beyond, only what is written counts: an order of locks that has a cycle through two projects is not found without.",
        DiagnosticSeverity.Hidden,
        isEnabled: false);

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    /// <summary>Whether anybody has set a severity for it: what nobody wants to know is not looked for.</summary>
    public static bool IsAskedFor(Compilation compilation, CancellationToken cancellation)
    {
        string id = s_descriptor.Id;
        return compilation.Options.SpecificDiagnosticOptions.ContainsKey(id)
            || (compilation.Options.SyntaxTreeOptionsProvider is { } options
                && (options.TryGetGlobalDiagnosticValue(id, cancellation, out _) || compilation.SyntaxTrees.Any(t => options.TryGetDiagnosticValue(t, id, cancellation, out _))));
    }

    public void Check(IReadOnlyList<LockEvent> events, Findings findings)
    {
        foreach (Unwritten member in events.OfType<Unwritten>())
        {
            findings.Report(s_descriptor, member.Location, new FindingData((string?)null) { Contracts = member.Contracts }, SpokenName.Of(member.Member), string.Join(" and ", member.Contracts.Select(c => c.Text)));
        }
    }
}
