// The sink of tests: a report is an exception in the thread that made the mistake.
using System;

namespace Locking;

/// <summary>Throws each report as a <see cref="LockdepException"/>. For tests. Safe for any thread.</summary>
public sealed class ThrowingSink : ILockdepSink
{
    /// <inheritdoc/>
    /// <exception cref="LockdepException">Always.</exception>
    public void Report(LockdepReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        throw new LockdepException(report);
    }
}
