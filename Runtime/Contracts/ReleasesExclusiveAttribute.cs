// Releases capabilities held exclusively.
using System;

namespace Locking;

/// <summary>Held exclusively at entry, not held at exit.</summary>
/// <remarks>
/// Clang: <c>RELEASE</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class ReleasesExclusiveAttribute : CodeContractAttribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public ReleasesExclusiveAttribute(params string[] capabilities)
        : base(capabilities)
    {
    }
}
