// What a mapped page costs in memory.
using BenchmarkDotNet.Attributes;
using Locking.Mirror;

namespace Locking.Benchmarks;

/// <summary>
/// Maps a file whose pages are there already, registers it, lets the device fault all of it, and takes everything back: what is allocated, divided by
/// the number of pages, is what a mapped page costs in the page table, the umem and the translation table, garbage on the way included.
/// </summary>
public class MemoryBenchmarks
{
    private MemoryFile _file = null!;
    private AddressSpace _mm = null!;
    private UserContext _context = null!;
    private Bytes _length;

    /// <summary>How many pages.</summary>
    [Params(10_000, 1_000_000, 10_000_000)]
    public int Pages { get; set; }

    /// <summary>Whether no two neighbours have frames that follow each other: each page then needs entries of its own.</summary>
    [Params(false, true)]
    public bool IsStrewn { get; set; }

    /// <summary>Another process reads every page of the file, forwards or backwards.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var machine = new Machine();
        (_file, _length) = (machine.CreateFile(), machine.BaseShift.ToBytes(new BasePages(Pages)));
        AddressSpace other = machine.CreateAddressSpace();
        other.Map(_length, VmaFlags.ReadWrite | VmaFlags.Shared, out AddressRange there, _file);
        for (int i = 0; i < Pages; i++)
        {
            other.CpuRead(there.Start + machine.BaseShift.ToBytes(new BasePages(IsStrewn ? Pages - 1 - i : i)), new byte[1]);
        }

        _mm = machine.CreateAddressSpace();
        _context = new RdmaDevice(machine).Open(_mm);
    }

    /// <summary>Map, register, fault, and everything back.</summary>
    [Benchmark]
    public OdpResult MapAll()
    {
        _mm.Map(_length, VmaFlags.ReadWrite | VmaFlags.Shared, out AddressRange range, _file);
        _context.Register(range, OdpAccess.Write, out MemoryRegion? region);
        OdpResult result = _context.Prefetch(PrefetchAdvice.Write, [(region!.Key, range)], flush: true);
        region.Deregister();
        _mm.Unmap(range);
        return result;
    }
}
