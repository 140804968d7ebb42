// A field is written under the lock that guards it everywhere else.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class WriteKeepsInferredGuard : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK1101",
        "A field is written outside the lock that guards it everywhere else",
        "'{0}' is written without {1}, under which it is used in {2} of {3} places",
        "A field that its type nearly always uses under one lock is guarded by it, whether that is written down or not. Acquire the lock here, or say with [Unguarded] why none is needed.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is GuardBroken { IsWrite: true, Test: TestKind.None or TestKind.Hint } broken && broken.IsClear(findings.OptionsAt(broken.Location).Number(Options.InferredShare)))
        {
            findings.Report(s_descriptor, broken.Location, broken.Data, broken.FieldName, broken.LockText, broken.Locked, broken.Places);
        }
    }
}
