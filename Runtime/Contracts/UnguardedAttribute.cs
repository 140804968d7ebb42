// Opts a field out of guard inference.
using System;

namespace Locking;

/// <summary>Opts the variable out of guard inference.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class UnguardedAttribute : Attribute
{
    /// <summary>States the contract.</summary>
    /// <param name="why">Why no lock is needed, for readers.</param>
    public UnguardedAttribute(string why) => Why = why;

    /// <summary>The argument, as written.</summary>
    public string Why { get; }
}
