// The field of a double-checked lock is volatile.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class DoubleCheckIsVolatile : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK6005",
        "Double-checked locking on a field that is not volatile",
        "'{0}' is tested without '{1}' and set under it, and is not volatile: what is set before it may be seen after it",
        "The first test has no lock that would order it: another thread may see the field set and not yet what it announces. Make the field volatile, or use Lazy<T>.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is GuardBroken { IsWrite: false, Test: TestKind.CheckedAgain } broken)
        {
            findings.Report(s_descriptor, broken.Location, broken.Data, broken.FieldName, broken.Lock);
        }
    }
}
