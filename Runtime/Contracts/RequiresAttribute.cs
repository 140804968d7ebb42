// Requires capabilities exclusively.
using System;

namespace Locking;

/// <summary>Held exclusively at entry, and still held at exit.</summary>
/// <remarks>
/// On a delegate parameter: the callee invokes the delegate with the capability held. Clang: <c>REQUIRES</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class RequiresAttribute : CodeContractAttribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public RequiresAttribute(params string[] capabilities)
        : base(capabilities)
    {
    }
}
