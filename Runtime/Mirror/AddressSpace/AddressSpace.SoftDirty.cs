// An address space: which pages were written since somebody began to watch.
namespace Locking.Mirror;

public sealed partial class AddressSpace
{
    /// <summary>
    /// Begins to watch for writes: from here on <see cref="IsSoftDirty"/> tells of pages that were written, by the process or by a device. A window
    /// over everything, with the event SoftDirty; every entry but those without a page is read-only until the next write faults. Linux: <c>clear_refs</c> with 4.
    /// </summary>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    public void ClearSoftDirty()
    {
        using (MmapSem.EnterWrite())
        {
            VmasIn(AddressRange.All).ForEach(vma => vma.IsSoftDirty = false);
            InvalidateRange window = Window(AddressRange.All, InvalidateEvent.SoftDirty);
            Notifiers.Start(window);
            ChangeEntries(AddressRange.All, entry => entry.Kind == PteKind.Special ? entry : entry.Watched());
            Notifiers.End(window);
        }
    }

    /// <summary>
    /// Whether a page may have been written since <see cref="ClearSoftDirty"/>, or since it was mapped where that was never called. What was mapped
    /// or moved since counts as written, and so do neighbours in a huge page; what was discarded does not, nor what went back to its file. Linux: bit
    /// 55 of <c>pagemap</c>.
    /// </summary>
    /// <param name="address">An address of the page.</param>
    /// <returns>Whether it was; false where nothing is mapped.</returns>
    [Excludes(nameof(MmapSem))]
    [RequiresShared(nameof(Users))]
    [MayBlock]
    public bool IsSoftDirty(Address address)
    {
        using (MmapSem.EnterRead())
        {
            return VmaAt(address) is { } vma && (vma.IsSoftDirty || PageTable.Find(address, out int index).Read(index).IsSoftDirty);
        }
    }
}
