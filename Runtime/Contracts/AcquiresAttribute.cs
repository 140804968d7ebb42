// Acquires capabilities exclusively.
using System;

namespace Locking;

/// <summary>Not held at entry (unless re-entrant or a count), held exclusively at exit.</summary>
/// <remarks>
/// On a task-returning method the capability is held once the task has been awaited. Clang: <c>ACQUIRE</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Delegate
    | AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class AcquiresAttribute : CodeContractAttribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public AcquiresAttribute(params string[] capabilities)
        : base(capabilities)
    {
    }
}
