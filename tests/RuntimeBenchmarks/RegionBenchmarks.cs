// What a region costs among many.
using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using Locking.Mirror;

namespace Locking.Benchmarks;

/// <summary>Registering, and invalidating one page, among many regions of one page each: the one must not grow with their number, the other hardly.</summary>
public class RegionBenchmarks
{
    private readonly List<MemoryRegion> _live = [];
    private AddressSpace _mm = null!;
    private UserContext _context = null!;
    private AddressRange _one;
    private InvalidateRange _window;

    /// <summary>How many regions there are besides.</summary>
    [Params(10, 1_000, 100_000)]
    public int Regions { get; set; }

    /// <summary>Registers them.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var machine = new Machine();
        _mm = machine.CreateAddressSpace();
        _mm.Map(machine.BaseShift.ToBytes(new BasePages(Regions + 1)), VmaFlags.ReadWrite, out AddressRange all);
        _context = new RdmaDevice(machine).Open(_mm);
        for (int i = 0; i < Regions; i++)
        {
            AddressRange page = AddressRange.Of(all.Start + machine.BaseShift.ToBytes(new BasePages(i)), machine.BaseShift.Size);
            _context.Register(page, OdpAccess.Write, out MemoryRegion? region);
            _live.Add(region!);
        }

        _one = AddressRange.Of(all.Start + machine.BaseShift.ToBytes(new BasePages(Regions)), machine.BaseShift.Size);
        _window = new InvalidateRange(_mm, _live[Regions / 2].Addresses, InvalidateEvent.ProtectionPage);
    }

    /// <summary>One region more, and away with it; includes waiting for the readers of the device.</summary>
    [Benchmark]
    public void RegisterAndDeregister()
    {
        _context.Register(_one, OdpAccess.Write, out MemoryRegion? region);
        region!.Deregister();
    }

    /// <summary>A window over one page, which one region is told of.</summary>
    [Benchmark]
    public void InvalidateOnePage()
    {
        _mm.Notifiers.Start(_window);
        _mm.Notifiers.End(_window);
    }
}
