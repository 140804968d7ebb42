// Declares the order of lock classes for an assembly.
using System;

namespace Locking;

/// <summary>The order of lock classes, by name, outermost first.</summary>
/// <remarks>
/// Several orders may be declared; together they must not contain a cycle (LOCK0002).
/// </remarks>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class LockOrderAttribute : Attribute
{
    /// <summary>States the contract.</summary>
    /// <param name="outermostFirst">Names of lock classes, outermost first.</param>
    public LockOrderAttribute(params string[] outermostFirst) => OutermostFirst = outermostFirst;

    /// <summary>The expressions, as written.</summary>
    public string[] OutermostFirst { get; }
}
