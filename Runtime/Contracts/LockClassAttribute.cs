// Names a lock class.
using System;

namespace Locking;

/// <summary>Names the lock class: all locks that the order rules and the run-time lockdep treat as one.</summary>
/// <remarks>
/// Default: the declaring field's full name. One name space with the run-time lockdep (Linux: <c>lock_class_key</c>, <c>lockdep_set_class</c>).
/// </remarks>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class LockClassAttribute : Attribute
{
    /// <summary>States the contract.</summary>
    /// <param name="name">The name of the class.</param>
    public LockClassAttribute(string name) => Name = name;

    /// <summary>The argument, as written.</summary>
    public string Name { get; }
}
