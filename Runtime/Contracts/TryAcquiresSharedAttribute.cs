// Acquires capabilities shared where the call returned a certain result.
using System;

namespace Locking;

/// <summary>Held shared exactly where the call returned the given result.</summary>
/// <remarks>
/// Clang: <c>TRY_ACQUIRE_SHARED</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class TryAcquiresSharedAttribute : CodeContractAttribute
{
    /// <summary>States the contract.</summary>
    /// <param name="result">A bool, an enum or integral constant, or a member of <see cref="Locking.Result"/>.</param>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public TryAcquiresSharedAttribute(object result, params string[] capabilities)
        : base(capabilities)
    {
        Result = result;
    }

    /// <summary>The result that the contract speaks about.</summary>
    public object Result { get; }
}
