// An invalidate window.
namespace Locking.Mirror;

/// <summary>An invalidate window: what is about to change, and why. Linux: <c>struct mmu_notifier_range</c>.</summary>
/// <param name="Mm">The address space.</param>
/// <param name="Range">The addresses whose entries change.</param>
/// <param name="Event">Why.</param>
/// <param name="IsBlockable">Whether callbacks may block; one that must although this says no refuses.</param>
/// <param name="Owner">Whose device memory is involved, compared by reference; null where none is.</param>
public readonly record struct InvalidateRange(AddressSpace Mm, AddressRange Range, InvalidateEvent Event, bool IsBlockable = true, object? Owner = null);
