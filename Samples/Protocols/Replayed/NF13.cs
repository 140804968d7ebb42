// May 2019, fifth posting: an array of huge pages is indexed with the shift of base pages.
namespace Locking.Samples.Protocols.NF13;

/// <summary>What a device has mapped, a number for each page of the umem.</summary>
public sealed class DmaList(ulong start, long pages, int umemShift)
{
    private const int BaseShift = 12;

    private readonly ulong[] _entries = new ulong[pages];

    public void Map(ulong address, ulong entry) => _entries[(address - start) >> umemShift] = entry;

    public void Unmap(ulong address) => _entries[(address - start) >> BaseShift] = 0;

    public bool IsMapped(ulong address) => _entries[(address - start) >> umemShift] != 0;
}
