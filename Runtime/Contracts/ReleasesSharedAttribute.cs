// Releases capabilities held shared.
using System;

namespace Locking;

/// <summary>Held shared at entry, not held at exit.</summary>
/// <remarks>
/// Clang: <c>RELEASE_SHARED</c>. Of a reference it says that the calling thread gives up its own: one that an object keeps will not do.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class ReleasesSharedAttribute : CodeContractAttribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public ReleasesSharedAttribute(params string[] capabilities)
        : base(capabilities)
    {
    }
}
