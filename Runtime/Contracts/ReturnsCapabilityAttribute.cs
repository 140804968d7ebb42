// Says which capability a member returns.
using System;

namespace Locking;

/// <summary>The result is the named capability.</summary>
/// <remarks>
/// Clang: <c>RETURN_CAPABILITY</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class ReturnsCapabilityAttribute : Attribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capability">An expression that names the capability.</param>
    public ReturnsCapabilityAttribute(string capability) => Capability = capability;

    /// <summary>The argument, as written.</summary>
    public string Capability { get; }
}
