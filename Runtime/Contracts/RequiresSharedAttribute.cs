// Requires capabilities in any mode.
using System;

namespace Locking;

/// <summary>Held in any mode at entry, and still held at exit.</summary>
/// <remarks>
/// Clang: <c>REQUIRES_SHARED</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class RequiresSharedAttribute : CodeContractAttribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public RequiresSharedAttribute(params string[] capabilities)
        : base(capabilities)
    {
    }
}
