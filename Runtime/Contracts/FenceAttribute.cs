// Says that an unregister method waits for callbacks, or does not.
using System;

namespace Locking;

/// <summary>When the method returns, no callback runs or will run.</summary>
/// <remarks>
/// With <see cref="Waits"/> set to false the method only unlinks, and callbacks may still be running when it returns.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FenceAttribute : Attribute
{
    /// <summary>States the contract.</summary>
    /// <param name="what">What is fenced: a word for messages, such as "callbacks".</param>
    public FenceAttribute(string what) => What = what;

    /// <summary>The argument, as written.</summary>
    public string What { get; }

    /// <summary>Whether the method waits for callbacks that are running; true unless said otherwise.</summary>
    public bool Waits { get; set; } = true;
}
