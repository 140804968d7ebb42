// Releases capabilities where the call returned a certain result.
using System;

namespace Locking;

/// <summary>Held at entry; given up exactly where the call returned the given result, otherwise still held.</summary>
/// <remarks>
/// Kernel: <c>handle_mm_fault</c> and <c>hmm_range_fault</c>, which drop <c>mmap_sem</c> where they return a retry code.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class ReleasesWhenAttribute : CodeContractAttribute
{
    /// <summary>States the contract.</summary>
    /// <param name="result">A bool, an enum or integral constant, or a member of <see cref="Locking.Result"/>.</param>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public ReleasesWhenAttribute(object result, params string[] capabilities)
        : base(capabilities)
    {
        Result = result;
    }

    /// <summary>The result that the contract speaks about.</summary>
    public object Result { get; }
}
