// A run of neighbouring slots.
namespace Locking.Mirror;

/// <summary>Neighbouring slots of one table, or a hole that no table covers.</summary>
/// <param name="Node">The table; null for a hole.</param>
/// <param name="Index">The first slot.</param>
/// <param name="Count">How many slots.</param>
/// <param name="Range">What of the asked range they cover; of a huge slot maybe a part.</param>
internal readonly record struct PteRun(PageTableNode? Node, int Index, int Count, AddressRange Range)
{
    /// <summary>Whether it is one slot that covers more than a base page.</summary>
    public bool IsHuge => Node is { IsLeaf: false };

    /// <summary>Everything that a huge slot covers.</summary>
    public AddressRange HugeRange => Node!.Shift.Expand(Range);
}
