// A reference that is taken is put on every path.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class PutOnEveryPath : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK5002",
        "A reference is not put on every path",
        "{0}",
        "The object is never freed. Put the reference in a finally block, or hand it over with [Acquires].");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Leaked { Lock: { Name: { } name, Kind.Capability: CapabilityKind.Reference }, OnlyByThrow: false } leak)
        {
            findings.Report(s_descriptor, leak.Location, leak.GivenBack, new FindingData(name), TextOf(leak, name));
        }
    }

    private static string TextOf(Leaked leak, string name) =>
        !leak.Lock.Kind.Transferable ? $"The reference '{name}' is not put on every path"
        : leak.GivenBack.IsEmpty ? $"'{name}' is never given back"
        : $"'{name}' is given back on some ways out of here, and not on all";
}
