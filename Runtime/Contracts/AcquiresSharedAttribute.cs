// Acquires capabilities shared.
using System;

namespace Locking;

/// <summary>Not held at entry (unless re-entrant or a count), held shared at exit.</summary>
/// <remarks>
/// Clang: <c>ACQUIRE_SHARED</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class AcquiresSharedAttribute : CodeContractAttribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public AcquiresSharedAttribute(params string[] capabilities)
        : base(capabilities)
    {
    }
}
