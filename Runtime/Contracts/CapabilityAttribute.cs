// Declares that objects of a type, or one member, are capabilities.
using System;

namespace Locking;

/// <summary>Objects of this type, or this member, are capabilities: something a thread must hold.</summary>
/// <remarks>
/// On a type, <see cref="Name"/> is the word used in messages ("mutex", "gate"). On a member it is also the name of its lock class.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface | AttributeTargets.Field | AttributeTargets.Property)]
public sealed class CapabilityAttribute : Attribute
{
    /// <summary>Declares a capability.</summary>
    /// <param name="name">The word for it in messages.</param>
    public CapabilityAttribute(string name = "lock") => Name = name;

    /// <summary>The word for it in messages.</summary>
    public string Name { get; }

    /// <summary>How it is held; <see cref="CapabilityKind.Lock"/> unless said otherwise.</summary>
    public CapabilityKind Kind { get; set; }

    /// <summary>Whether its holder may acquire it again; each acquire then needs a release of its own.</summary>
    public bool Reentrant { get; set; }

    /// <summary>
    /// Whether the thread that acquired it must release it (the default), so that it cannot be held across an <c>await</c>.
    /// </summary>
    public bool ThreadAffine { get; set; } = true;

    /// <summary>Whether who waits for it spins: acquiring it is no blocking call, and its holder must not make one.</summary>
    public bool Spins { get; set; }
}
