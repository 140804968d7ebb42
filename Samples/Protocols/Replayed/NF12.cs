// May 2019, fifth posting: the offset in the first page is taken from an address that was masked before, and is always zero.
namespace Locking.Samples.Protocols.NF12;

/// <summary>Which pages a fault of a device has to map.</summary>
public static class PageFault
{
    public static (ulong Start, ulong Length) Pages(ulong start, ulong bytes, int shift)
    {
        ulong size = 1UL << shift;
        start &= ~(size - 1);
        ulong offset = start & (size - 1);
        return (start, (offset + bytes + size - 1) & ~(size - 1));
    }
}
