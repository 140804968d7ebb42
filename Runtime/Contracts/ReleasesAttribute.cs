// Releases capabilities, in whichever mode they are held.
using System;

namespace Locking;

/// <summary>Held at entry in whichever mode, not held at exit.</summary>
/// <remarks>
/// Together with <see cref="AcquiresSharedAttribute"/> it is a downgrade: released first, then acquired. Clang: <c>RELEASE_GENERIC</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class ReleasesAttribute : CodeContractAttribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public ReleasesAttribute(params string[] capabilities)
        : base(capabilities)
    {
    }
}
