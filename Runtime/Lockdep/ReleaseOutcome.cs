// What a held stack says to a release.
namespace Locking;

internal enum ReleaseOutcome
{
    /// <summary>The entry is gone.</summary>
    Released,

    /// <summary>There was none.</summary>
    NotHeld,

    /// <summary>The entry is gone, but a pin said that it should have stayed.</summary>
    WasPinned,
}
