// Two threads that fault disjoint ranges.
using System.Threading;
using BenchmarkDotNet.Attributes;
using Locking.Mirror;

namespace Locking.Benchmarks;

/// <summary>
/// A device fault on the resident pages of two regions: one after the other, and by two threads at once. The second thread is there already and waits
/// spinning, since waking one costs more than ten thousand pages do.
/// </summary>
public class ScalingBenchmarks
{
    private readonly MemoryRegion[] _halves = new MemoryRegion[2];
    private AddressSpace _mm = null!;
    private UserContext _context = null!;
    private AddressRange _addresses;
    private int _asked, _done;
    private bool _isOver;

    /// <summary>How many pages, both halves together.</summary>
    [Params(10_000, 1_000_000, 10_000_000)]
    public int Pages { get; set; }

    /// <summary>Maps, populates, and starts the second thread.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var machine = new Machine();
        _mm = machine.CreateAddressSpace();
        Bytes half = machine.BaseShift.ToBytes(new BasePages(Pages / 2));
        _mm.Map(half + half, VmaFlags.ReadWrite, out _addresses);
        _context = new RdmaDevice(machine).Open(_mm);
        for (int i = 0; i < _halves.Length; i++)
        {
            _context.Register(AddressRange.Of(i == 0 ? _addresses.Start : _addresses.Start + half, half), OdpAccess.Write, out MemoryRegion? region);
            _halves[i] = region!;
        }

        InTurn();
        new Thread(Serve) { IsBackground = true }.Start();
    }

    /// <summary>Ends the second thread.</summary>
    [GlobalCleanup]
    public void Cleanup() => Volatile.Write(ref _isOver, true);

    /// <summary>A window over everything, so that there is something to map: the pages stay where they are.</summary>
    [IterationSetup]
    public void Invalidate() => Window.Over(_mm, _addresses);

    /// <summary>One after the other.</summary>
    [Benchmark(Baseline = true)]
    public void InTurn()
    {
        Prefetch(_halves[0]);
        Prefetch(_halves[1]);
    }

    /// <summary>At once.</summary>
    [Benchmark]
    public void AtOnce()
    {
        Volatile.Write(ref _asked, _asked + 1);
        Prefetch(_halves[0]);
        Await(ref _done, _asked);
    }

    private void Serve()
    {
        for (int turn = 1; Await(ref _asked, turn); turn++)
        {
            Prefetch(_halves[1]);
            Volatile.Write(ref _done, turn);
        }
    }

    private bool Await(ref int number, int value)
    {
        var wait = default(SpinWait);
        while (Volatile.Read(ref number) != value && !Volatile.Read(ref _isOver))
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }

        return !Volatile.Read(ref _isOver);
    }

    private void Prefetch(MemoryRegion region) => _context.Prefetch(PrefetchAdvice.Write, [(region.Key, region.Addresses)], flush: true);
}
