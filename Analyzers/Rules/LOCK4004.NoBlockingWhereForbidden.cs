// Nothing blocks where it must not: under a spin lock, or where a contract forbids it.
using Locking.Analyzers.Flow;
using Microsoft.CodeAnalysis;

namespace Locking.Analyzers.Rules;

internal sealed class NoBlockingWhereForbidden : BodyRule
{
    private static readonly DiagnosticDescriptor s_descriptor = Describe(
        "LOCK4004",
        "Something blocks where it must not",
        "'{0}' may block{1}, and {2}",
        "Whoever waits for a spin lock burns a processor meanwhile, and whoever calls what must not block cannot wait at all. Do the blocking part elsewhere, or try without waiting.");

    public override DiagnosticDescriptor Descriptor => s_descriptor;

    public override void Check(LockEvent e, Findings findings)
    {
        if (e is Blocked { Forbidden: { } why } block)
        {
            var related = block.Held.IsEmpty ? block.Calls : block.Held[0].Acquires.AddRange(block.Calls);
            findings.Report(s_descriptor, block.Location, related, block.What, block.Via is null ? "" : $" in '{block.Via.Name}'", why);
        }
    }
}
