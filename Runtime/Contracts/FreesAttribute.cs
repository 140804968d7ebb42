// Says that a call frees its argument.
using System;

namespace Locking;

/// <summary>The argument is gone when the call returns.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FreesAttribute : Attribute
{
    /// <summary>States the contract.</summary>
    /// <param name="parameter">The name of the parameter whose argument is freed, or <c>this</c>.</param>
    public FreesAttribute(string parameter) => Parameter = parameter;

    /// <summary>The argument, as written.</summary>
    public string Parameter { get; }
}
