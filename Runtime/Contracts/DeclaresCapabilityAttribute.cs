// Declares a capability that no member represents.
using System;

namespace Locking;

/// <summary>The type has a capability of this name that no member represents; contracts name it like a member.</summary>
/// <example><c>[DeclaresCapability("Users", CapabilityKind.Reference)]</c> makes <c>this.Users</c> usable in contracts.</example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, AllowMultiple = true)]
public sealed class DeclaresCapabilityAttribute : Attribute
{
    /// <summary>Declares the capability.</summary>
    /// <param name="member">Its name, an identifier that no member of the type has.</param>
    /// <param name="kind">How it is held.</param>
    public DeclaresCapabilityAttribute(string member, CapabilityKind kind = CapabilityKind.Lock)
    {
        Member = member;
        Kind = kind;
    }

    /// <summary>Its name.</summary>
    public string Member { get; }

    /// <summary>How it is held.</summary>
    public CapabilityKind Kind { get; }
}
