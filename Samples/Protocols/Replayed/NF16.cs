// On-demand paging until June 2019: mapped in the size of a huge page, unmapped in that of a base page.
using Locking.Mirror;

namespace Locking.Samples.Protocols.NF16;

/// <summary>One page of a umem, mapped and unmapped.</summary>
public static class Umem
{
    public static void MapAndUnmap(DmaMappings dma, Page page)
    {
        ulong address = dma.Map(page, PageShift.Huge.Size, DmaDirection.Bidirectional)!.Value;
        dma.Unmap(address, new Bytes(4096), DmaDirection.Bidirectional);
    }
}
