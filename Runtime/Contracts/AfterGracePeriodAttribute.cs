// Runs a delegate after a grace period.
using System;

namespace Locking;

/// <summary>The delegate runs after a grace period of the domain has passed.</summary>
/// <remarks>
/// Kernel: <c>call_srcu</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class AfterGracePeriodAttribute : Attribute
{
    /// <summary>States the contract.</summary>
    /// <param name="domain">The read-section capability.</param>
    public AfterGracePeriodAttribute(string domain) => Domain = domain;

    /// <summary>The argument, as written.</summary>
    public string Domain { get; }
}
