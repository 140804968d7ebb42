// A field is read under the lock under which it is written.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class ReadKeepsInferredGuard : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK1102",
        "A field is read outside the lock under which it is written",
        "'{0}' is read without {1}, under which it is used in {2} of {3} places",
        "The value may be stale or torn, or change between this read and what depends on it. Acquire the lock here, make the field volatile, or say with [Unguarded] why none is needed.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is GuardBroken { IsWrite: false, Test: TestKind.None } broken && broken.IsClear(findings.OptionsAt(broken.Location).Number(Options.InferredShare)))
        {
            findings.Report(s_descriptor, broken.Location, broken.Data, broken.FieldName, broken.LockText, broken.Locked, broken.Places);
        }
    }
}
