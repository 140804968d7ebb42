// The sink of a program that chose none.
using System;

namespace Locking;

/// <summary>Writes each report to standard error. The default; the event source gets every report anyway. Safe for any thread.</summary>
public sealed class StandardErrorSink : ILockdepSink
{
    /// <inheritdoc/>
    public void Report(LockdepReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Console.Error.WriteLine(report);
        if (!Lockdep.IsActive)
        {
            Console.Error.WriteLine("Locking: the validator is quiet from here on.");
        }
    }
}
