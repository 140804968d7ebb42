// A protected pointer is dereferenced inside its read section.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class PointerUsedInSection : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK5006",
        "A protected pointer is dereferenced outside its read section",
        "What '{0}' points to is used outside of a section of '{1}'",
        "Nothing keeps the object alive outside the section: it may be freed between the read and the use. Enter the section around both.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is UsedOutside used)
        {
            findings.Report(s_descriptor, used.Location, new FindingData(used.Section), used.Member, used.Section);
        }
    }
}
