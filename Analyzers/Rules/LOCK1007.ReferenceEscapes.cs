// A reference to guarded data must not leave the lock.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class ReferenceEscapes : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK1007",
        "A reference to guarded data escapes from its lock",
        "A reference to '{0}' is {1} without holding '{2}', which guards it",
        "Whoever has the reference reads and writes the data without the lock. Pass a copy, or hold the lock for as long as the reference is used.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Accessed { Kind: not AccessKind.Read and not AccessKind.Write, Missing.Lack: not Lack.None } access)
        {
            string how = access.Kind switch
            {
                AccessKind.ReturnedForReading or AccessKind.ReturnedForWriting => "returned",
                AccessKind.StoredForReading => "stored",
                _ => "passed",
            };
            findings.Report(s_descriptor, access.Location, access.Data, access.Member.Name, how, access.Missing.Lock);
        }
    }
}
