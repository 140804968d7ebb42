// Whether a conditional get succeeded is looked at.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class GetIsChecked : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK5001",
        "The result of a conditional get is not checked",
        "{0}",
        "Where the get failed the object is on its way out: using it is a use after free, and putting it drops a reference of somebody else.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is TryIgnored { Lock: { Name: { } ignored, Kind.Capability: CapabilityKind.Reference } } attempt)
        {
            findings.Report(s_descriptor, attempt.Location, new FindingData(ignored) { Case = "ignored" }, $"Whether the reference '{ignored}' was taken is not checked");
        }
        else if (e is AcquiredOnSomePaths { IsTry: true, Lock: { Name: { } name, Kind.Capability: CapabilityKind.Reference } } acquire)
        {
            findings.Report(s_descriptor, acquire.Location, acquire.Releases, new FindingData(name) { Case = "released" }, $"The reference '{name}' is put whether or not it was taken here");
        }
    }
}
