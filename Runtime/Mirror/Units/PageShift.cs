// The size of a page as a power of two, and every conversion between bytes and pages.
using System;

namespace Locking.Mirror;

/// <summary>
/// The size of a page as a power of two. The only place where lengths in bytes become counts of pages and back, so that the shift of an index
/// is the shift of the array it indexes (R60) and an offset is taken of an address and never of its page (R59).
/// </summary>
/// <param name="Value">The power of two, from 12 to 30.</param>
public readonly record struct PageShift(int Value)
{
    /// <summary>Pages of 4 KiB.</summary>
    public static PageShift Small { get; } = new(12);

    /// <summary>Pages of 64 KiB.</summary>
    public static PageShift Medium { get; } = new(16);

    /// <summary>Pages of 2 MiB. Linux: <c>PMD_SHIFT</c>.</summary>
    public static PageShift Huge { get; } = new(21);

    /// <summary>Pages of 1 GiB. Linux: <c>PUD_SHIFT</c>.</summary>
    public static PageShift Gigantic { get; } = new(30);

    /// <summary>The size of a page.</summary>
    public Bytes Size => new(1UL << Value);

    /// <summary>How many base pages one page of this size has.</summary>
    /// <param name="shift">The shift of a base page.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ArgumentException">A page of this size is smaller than a base page.</exception>
    public BasePages PagesOf(PageShift shift) => shift.Value > Value
        ? throw new ArgumentException("A page is not smaller than a base page.", nameof(shift))
        : new BasePages(1L << (Value - shift.Value));

    /// <summary>The offset of an address in its page.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The offset, less than the size.</returns>
    public Bytes OffsetOf(Address address) => new(address.Value & (Size.Value - 1));

    /// <summary>Whether an address is that of a page.</summary>
    /// <param name="address">The address.</param>
    /// <returns>Whether its offset is zero.</returns>
    public bool IsAligned(Address address) => OffsetOf(address).Value == 0;

    /// <summary>The smallest range of whole pages that covers a range.</summary>
    /// <param name="range">The range.</param>
    /// <returns>The range of pages.</returns>
    /// <exception cref="OverflowException">There is no address above the last page.</exception>
    public AddressRange Expand(AddressRange range)
    {
        ulong mask = Size.Value - 1;
        return new AddressRange(new Address(range.Start.Value & ~mask), new Address(checked(range.End.Value + mask) & ~mask));
    }

    /// <summary>The index of the base page of an address, from the start of a range.</summary>
    /// <param name="start">Where the first page begins.</param>
    /// <param name="address">The address.</param>
    /// <returns>The index.</returns>
    public BasePages BaseIndex(Address start, Address address) => new((long)((address - start).Value >> Value));

    /// <summary>The index of the umem page of an address, from the start of a umem.</summary>
    /// <param name="start">Where the first page begins.</param>
    /// <param name="address">The address.</param>
    /// <returns>The index.</returns>
    public UmemPages UmemIndex(Address start, Address address) => new((long)((address - start).Value >> Value));

    /// <summary>The length of base pages of this size.</summary>
    /// <param name="pages">How many.</param>
    /// <returns>The length.</returns>
    public Bytes ToBytes(BasePages pages) => new((ulong)pages.Value << Value);

    /// <summary>The length of umem pages of this size.</summary>
    /// <param name="pages">How many.</param>
    /// <returns>The length.</returns>
    public Bytes ToBytes(UmemPages pages) => new((ulong)pages.Value << Value);
}
