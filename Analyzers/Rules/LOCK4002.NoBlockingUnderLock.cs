// Nothing blocks while a lock is held.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class NoBlockingUnderLock : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK4002",
        "A blocking call is made while holding a lock",
        "'{0}' blocks{1} while '{2}' is held",
        "Everybody who needs the lock waits as long, and if what is waited for needs the lock itself, for ever. Block before acquiring or after releasing it.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Blocked { Forbidden: null, IsAcquire: false, Held.IsEmpty: false } block)
        {
            (NamedLock held, var acquires) = block.Held[0];
            findings.Report(s_descriptor, block.Location, acquires.AddRange(block.Calls), block.What, block.Via is null ? "" : $" in '{block.Via.Name}'", held.Name ?? "a lock");
        }
    }
}
