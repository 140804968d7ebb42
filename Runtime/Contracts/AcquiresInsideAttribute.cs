// Says what a member acquires and releases inside.
using System;

namespace Locking;

/// <summary>Acquired and released inside: whatever the caller holds comes before it in the lock order.</summary>
/// <remarks>
/// Inferred within a compilation; written on visible members so that it crosses assemblies.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class AcquiresInsideAttribute : CodeContractAttribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public AcquiresInsideAttribute(params string[] capabilities)
        : base(capabilities)
    {
    }
}
