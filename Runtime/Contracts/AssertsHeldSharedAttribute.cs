// Asserts that capabilities are held in some mode.
using System;

namespace Locking;

/// <summary>Known to be held, at least shared, from here on: it throws if not.</summary>
/// <remarks>
/// Clang: <c>ASSERT_SHARED_CAPABILITY</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class AssertsHeldSharedAttribute : CodeContractAttribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public AssertsHeldSharedAttribute(params string[] capabilities)
        : base(capabilities)
    {
    }
}
