// Forbids holding capabilities at a call.
using System;

namespace Locking;

/// <summary>Not held at entry.</summary>
/// <remarks>
/// Clang: <c>EXCLUDES</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class ExcludesAttribute : CodeContractAttribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public ExcludesAttribute(params string[] capabilities)
        : base(capabilities)
    {
    }
}
