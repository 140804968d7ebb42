// Waits for a grace period.
using System;

namespace Locking;

/// <summary>When it returns, a grace period of the domain has passed. It must not be called inside a read section of that domain.</summary>
/// <remarks>
/// Kernel: <c>synchronize_srcu</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AwaitsGracePeriodAttribute : Attribute
{
    /// <summary>States the contract.</summary>
    /// <param name="domain">The read-section capability.</param>
    public AwaitsGracePeriodAttribute(string domain) => Domain = domain;

    /// <summary>The argument, as written.</summary>
    public string Domain { get; }
}
