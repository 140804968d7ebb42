// Declares that objects outlive their unpublication by a grace period.
using System;

namespace Locking;

/// <summary>Such an object is freed only after a grace period of the domain has passed since it was unpublished.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field | AttributeTargets.Property)]
public sealed class GracePeriodAttribute : Attribute
{
    /// <summary>States the contract.</summary>
    /// <param name="domain">The read-section capability whose grace period counts.</param>
    public GracePeriodAttribute(string domain) => Domain = domain;

    /// <summary>The argument, as written.</summary>
    public string Domain { get; }
}
