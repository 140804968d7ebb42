// Declares that a lock comes before others.
using System;

namespace Locking;

/// <summary>Where both are held, this lock was acquired before the named ones.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class AcquiredBeforeAttribute : Attribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public AcquiredBeforeAttribute(params string[] capabilities) => Capabilities = capabilities;

    /// <summary>The expressions, as written.</summary>
    public string[] Capabilities { get; }
}
