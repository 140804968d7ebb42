// A retry reads the sequence again.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class RetryReadsAgain : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK6003",
        "A retry loop does not read the sequence again",
        "The check of '{0}' failed with this sequence before: read it again before each attempt",
        "The sequence has moved on, so the check fails for ever, or succeeds for something that was read under another sequence.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is CheckedAgain check)
        {
            findings.Report(s_descriptor, check.Location, check.Token);
        }
    }
}
