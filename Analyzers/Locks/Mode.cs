// How a capability is held, or asked for.
namespace Locking.Analyzers.Locks;

/// <summary>Ordered: what is held in one mode satisfies whatever asks for the same or a lesser one.</summary>
internal enum Mode : byte
{
    /// <summary>Asked for by a release: whichever mode it is held in.</summary>
    Any,

    /// <summary>With other readers.</summary>
    Shared,

    /// <summary>With other readers, and with the right to become exclusive; counts as shared for what is guarded.</summary>
    Upgradeable,

    /// <summary>Alone.</summary>
    Exclusive,
}
