// Declares that several locks of one class may nest.
using System;

namespace Locking;

/// <summary>Several instances of this lock class may be held at once (Linux: nesting subclasses, <c>nest_lock</c>).</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Method | AttributeTargets.Class)]
public sealed class NestedLockAttribute : Attribute
{
    /// <summary>What orders the instances, for readers: an address, an id, "parent before child".</summary>
    public string? By { get; set; }
}
