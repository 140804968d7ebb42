// Snapshots and faults of mirrored memory, against a copy and against the obvious way.
using System;
using BenchmarkDotNet.Attributes;
using Locking.Mirror;

namespace Locking.Benchmarks;

/// <summary>
/// A snapshot of populated pages against copying as many numbers; a device fault on resident pages against the obvious way, one lock and a dictionary
/// for each table; and a window over all of them. Times are for all pages.
/// </summary>
public class MirrorBenchmarks
{
    private readonly ObviousMirror _obvious = new();
    private AddressSpace _mm = null!;
    private Watcher _watcher = null!;
    private HmmRange _range = null!;
    private UserContext _context = null!;
    private MemoryRegion _region = null!;
    private AddressRange _addresses;
    private ulong[] _from = [], _to = [];

    /// <summary>How many pages.</summary>
    [Params(10_000, 1_000_000, 10_000_000)]
    public int Pages { get; set; }

    /// <summary>Maps and populates.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var machine = new Machine();
        _mm = machine.CreateAddressSpace();
        _mm.Map(machine.BaseShift.ToBytes(new BasePages(Pages)), VmaFlags.ReadWrite, out _addresses);
        _watcher = new Watcher();
        _watcher.Insert(_mm, _addresses);
        _range = new HmmRange(_watcher, _addresses, new PfnEntry[Pages], PfnEntry.RequestWrite);
        Fault(_range);
        _range = new HmmRange(_watcher, _addresses, new PfnEntry[Pages]);
        (_from, _to) = (new ulong[Pages], new ulong[Pages]);
        _context = new RdmaDevice(machine).Open(_mm);
        _context.Register(_addresses, OdpAccess.Write, out MemoryRegion? region);
        _region = region!;
        for (ulong page = 0; page < (ulong)Pages; page++)
        {
            _obvious.Populate(page, page);
        }
    }

    /// <summary>A window over everything, so that there is something to map: the pages stay where they are.</summary>
    [IterationSetup(Targets = [nameof(FaultMapInstall)])]
    public void Invalidate() => Window.Over(_mm, _addresses);

    /// <summary>The same for the obvious way.</summary>
    [IterationSetup(Targets = [nameof(ObviousFaultMapInstall)])]
    public void Empty() => _obvious.InvalidateAll();

    /// <summary>Everything is mapped, so that there is something to take away.</summary>
    [IterationSetup(Targets = [nameof(InvalidateAll)])]
    public void Fill() => FaultMapInstall();

    /// <summary>As many numbers.</summary>
    [BenchmarkCategory("snapshot"), Benchmark(Baseline = true)]
    public void Copy() => _from.AsSpan().CopyTo(_to);

    /// <summary>A snapshot.</summary>
    [BenchmarkCategory("snapshot"), Benchmark]
    public HmmResult Snapshot() => Fault(_range);

    /// <summary>Fault, map and install the obvious way.</summary>
    [BenchmarkCategory("fault"), Benchmark]
    public bool ObviousFaultMapInstall() => _obvious.Fault(0, (ulong)Pages, isWrite: true);

    /// <summary>Fault, map and install.</summary>
    [BenchmarkCategory("fault"), Benchmark]
    public OdpResult FaultMapInstall() => _context.Prefetch(PrefetchAdvice.Write, [(_region.Key, _addresses)], flush: true);

    /// <summary>A window over everything: taken from the device, unmapped, and marked dirty.</summary>
    [BenchmarkCategory("window"), Benchmark]
    public void InvalidateAll() => Invalidate();

    private HmmResult Fault(HmmRange range)
    {
        HmmResult result;
        do
        {
            range.Sequence = _watcher.ReadBegin();
            using (_mm.MmapSem.EnterRead())
            {
                result = range.Fault();
            }
        }
        while (result == HmmResult.Busy);
        return result;
    }

    private sealed class Watcher() : IntervalNotifier(new UmemMutex())
    {
        protected internal override bool OnInvalidate(in InvalidateRange range, ulong sequence)
        {
            using (DriverLock.Enter())
            {
                SetSequence(sequence);
            }

            return true;
        }
    }
}
