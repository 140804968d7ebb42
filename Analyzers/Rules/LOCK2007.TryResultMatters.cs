// What a try-acquire answers decides what follows.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class TryResultMatters : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK2007",
        "The result of a try-acquire does not decide about the release",
        "{0}",
        "Where the attempt failed, the lock belongs to somebody else: the release throws, or takes it from them.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is TryIgnored { Lock: { Name: { } ignored, Kind.Capability: not CapabilityKind.Reference } } attempt)
        {
            findings.Report(s_descriptor, attempt.Location, new FindingData(ignored) { Case = "ignored" }, $"Whether '{ignored}' was acquired is ignored");
        }
        else if (e is AcquiredOnSomePaths { IsTry: true, Lock: { Name: { } name, Kind.Capability: not CapabilityKind.Reference } } acquire)
        {
            findings.Report(s_descriptor, acquire.Location, acquire.Releases, new FindingData(name) { Case = "released" }, $"'{name}' is released whether or not it was acquired here");
        }
    }
}
