// A report, thrown.
using System;

namespace Locking;

/// <summary>A report of the validator, thrown by <see cref="ThrowingSink"/>.</summary>
public sealed class LockdepException : Exception
{
    /// <summary>Wraps a report.</summary>
    /// <param name="report">The report.</param>
    public LockdepException(LockdepReport report)
        : base(report?.ToString()) =>
        Report = report ?? throw new ArgumentNullException(nameof(report));

    /// <summary>The report.</summary>
    public LockdepReport Report { get; }
}
