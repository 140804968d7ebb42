// Acquires capabilities where the call returned a certain result.
using System;

namespace Locking;

/// <summary>Held exclusively exactly where the call returned the given result.</summary>
/// <remarks>
/// On a <c>ref</c> or <c>out</c> parameter the result is what the callee stored there. On a task-returning method it is what the task yields.
/// Clang: <c>TRY_ACQUIRE</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class TryAcquiresAttribute : CodeContractAttribute
{
    /// <summary>States the contract.</summary>
    /// <param name="result">A bool, an enum or integral constant, or a member of <see cref="Locking.Result"/>.</param>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public TryAcquiresAttribute(object result, params string[] capabilities)
        : base(capabilities)
    {
        Result = result;
    }

    /// <summary>The result that the contract speaks about.</summary>
    public object Result { get; }

    /// <summary>
    /// For a <see cref="CapabilityKind.Token"/>: the lock that must be held at the call and whose release ends the token.
    /// </summary>
    public string? Until { get; set; }
}
