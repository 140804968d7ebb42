// Guards what a reference points to.
using System;

namespace Locking;

/// <summary>The reference may be read freely; what it points to (members, elements, calls through it) only while the capability is held.</summary>
/// <remarks>
/// Clang: <c>PT_GUARDED_BY</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ContentsGuardedByAttribute : Attribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public ContentsGuardedByAttribute(params string[] capabilities) => Capabilities = capabilities;

    /// <summary>The expressions, as written.</summary>
    public string[] Capabilities { get; }
}
