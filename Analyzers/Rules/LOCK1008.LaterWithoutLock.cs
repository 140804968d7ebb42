// A function that may run later does not have the locks that are held where it is made.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class LaterWithoutLock : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK1008",
        "A function that may run later uses guarded data as if the lock were still held",
        "'{0}' is {1} in a function that may run later, when '{2}' is no longer held",
        "The lock is held where the function is made, not where it runs. Acquire it inside the function.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Accessed { Kind: AccessKind.Read or AccessKind.Write, Missing: { Lack: not Lack.None, HeldWhereMade: true } } access)
        {
            string how = access.Kind == AccessKind.Write ? "written" : "read";
            findings.Report(s_descriptor, access.Location, access.Data, access.Member.Name, how, access.Missing.Lock);
        }
        else if (e is Required { Requirement.HeldWhereMade: true } call)
        {
            findings.Report(s_descriptor, call.Location, call.Data, SpokenName.Of(call.Member), "called", call.Requirement.Name);
        }
    }
}
