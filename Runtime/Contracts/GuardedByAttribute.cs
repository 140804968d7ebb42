// Guards a variable.
using System;

namespace Locking;

/// <summary>The variable may be used only while the capability is held: read in any mode, written exclusively.</summary>
/// <remarks>
/// With several names, a read needs any one of them and a write needs all that have an exclusive mode; so <c>[GuardedBy("_update", "_srcu")]</c>
/// is the RCU pattern. Several attributes on one member mean all of them, for reads and writes. What a reference points to is the business of
/// <see cref="ContentsGuardedByAttribute"/>. Clang: <c>GUARDED_BY</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Event, AllowMultiple = true)]
public sealed class GuardedByAttribute : Attribute
{
    /// <summary>States the contract.</summary>
    /// <param name="capabilities">Expressions that name capabilities; <c>nameof</c> wherever the language allows it.</param>
    public GuardedByAttribute(params string[] capabilities) => Capabilities = capabilities;

    /// <summary>The expressions, as written.</summary>
    public string[] Capabilities { get; }
}
