// A task that acquires is awaited.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class AcquireIsAwaited : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK2008",
        "An asynchronous acquire is not awaited",
        "The task that acquires '{0}' is not awaited",
        "The code behind it runs before the lock is held, and the release may come before the acquire.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is NotAwaited { Lock.Name: { } name } acquire)
        {
            findings.Report(s_descriptor, acquire.Location, name);
        }
    }
}
