// A System.Threading.Lock is locked, not used as an object.
using Locking.Analyzers.Flow;
using Locking.Analyzers.Locks;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class LockIsNoObject : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK7004",
        "A lock is used as a plain object",
        "A '{0}' becomes a plain object here: whoever locks that locks its monitor, which is another lock",
        "The lock statement and Monitor.Enter treat an object of this type by its static type. As an object it has a monitor like any other, and locking that does not exclude who locks the lock itself.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Widened { Kind.HidesMonitor: true } widened)
        {
            findings.Report(s_descriptor, widened.Location, widened.Type.Name);
        }
    }
}
