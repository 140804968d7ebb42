// Faults of pages whose frames do not follow each other.
using BenchmarkDotNet.Attributes;
using Locking.Mirror;

namespace Locking.Benchmarks;

/// <summary>A device fault on resident pages of which no two neighbours have frames that follow each other: every page needs an entry of its own.</summary>
public class StrewnBenchmarks
{
    private AddressSpace _mm = null!;
    private UserContext _context = null!;
    private MemoryRegion _region = null!;
    private AddressRange _addresses;

    /// <summary>How many pages.</summary>
    [Params(10_000, 1_000_000, 10_000_000)]
    public int Pages { get; set; }

    /// <summary>Maps, and populates the first page of each table, then the second of each, and so on.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var machine = new Machine();
        _mm = machine.CreateAddressSpace();
        _mm.Map(machine.BaseShift.ToBytes(new BasePages(Pages)), VmaFlags.ReadWrite, out _addresses);
        _context = new RdmaDevice(machine).Open(_mm);
        MemoryRegion populating = Register();
        int table = (int)PageShift.Huge.PagesOf(machine.BaseShift).Value;
        for (int first = 0; first < table; first++)
        {
            for (int page = first; page < Pages; page += table)
            {
                Prefetch(populating, AddressRange.Of(_addresses.Start + machine.BaseShift.ToBytes(new BasePages(page)), machine.BaseShift.Size));
            }
        }

        populating.Deregister();
        _region = Register();
    }

    /// <summary>A window over everything, so that there is something to map: the pages stay where they are.</summary>
    [IterationSetup]
    public void Invalidate() => Window.Over(_mm, _addresses);

    /// <summary>Fault, map and install.</summary>
    [Benchmark]
    public OdpResult FaultMapInstall() => Prefetch(_region, _addresses);

    private OdpResult Prefetch(MemoryRegion region, AddressRange addresses) => _context.Prefetch(PrefetchAdvice.Write, [(region.Key, addresses)], flush: true);

    private MemoryRegion Register()
    {
        _context.Register(_addresses, OdpAccess.Write, out MemoryRegion? region);
        return region!;
    }
}
