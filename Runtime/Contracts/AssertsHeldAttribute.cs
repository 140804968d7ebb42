// Asserts that capabilities are held exclusively.
using System;

namespace Locking;

/// <summary>Known to be held exclusively from here on: it throws if not.</summary>
/// <remarks>
/// Clang: <c>ASSERT_CAPABILITY</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class AssertsHeldAttribute : CodeContractAttribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public AssertsHeldAttribute(params string[] capabilities)
        : base(capabilities)
    {
    }
}
