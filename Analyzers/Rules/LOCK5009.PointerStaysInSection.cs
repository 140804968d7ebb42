// A protected pointer is not kept beyond its read section.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class PointerStaysInSection : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK5009",
        "A protected pointer is kept beyond its read section",
        "'{0}' is {1} out of its section of '{2}'",
        "Whoever gets the pointer cannot know when the object is freed. Copy what is needed, or take a reference inside the section.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is KeptBeyond kept)
        {
            findings.Report(s_descriptor, kept.Location, kept.Member, kept.IsReturn ? "returned" : "stored", kept.Section);
        }
    }
}
