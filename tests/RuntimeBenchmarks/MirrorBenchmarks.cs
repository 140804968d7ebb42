// Snapshots and faults of mirrored memory, against a copy and against the obvious way.
using System;
using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using Locking.Mirror;

namespace Locking.Benchmarks;

/// <summary>
/// A snapshot of populated pages against copying as many numbers; and a device fault on resident pages against one lock around one dictionary per
/// page. Times are for all pages.
/// </summary>
public class MirrorBenchmarks
{
    private readonly object _lock = new();
    private readonly Dictionary<ulong, ulong> _dictionary = [], _device = [];
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
        for (ulong page = 0; page < (ulong)Pages; page++)
        {
            _dictionary[page] = page;
        }
    }

    /// <summary>A region for each iteration, so that there is something to map.</summary>
    [IterationSetup(Targets = [nameof(FaultMapInstall)])]
    public void Register()
    {
        _region?.Deregister();
        _context.Register(_addresses, OdpAccess.Write, out MemoryRegion? region);
        _region = region!;
    }

    /// <summary>Empties what the obvious way fills.</summary>
    [IterationSetup(Targets = [nameof(DictionaryFaultMapInstall)])]
    public void Empty() => _device.Clear();

    /// <summary>As many numbers.</summary>
    [BenchmarkCategory("snapshot"), Benchmark(Baseline = true)]
    public void Copy() => _from.AsSpan().CopyTo(_to);

    /// <summary>A snapshot.</summary>
    [BenchmarkCategory("snapshot"), Benchmark]
    public HmmResult Snapshot() => Fault(_range);

    /// <summary>One lock, two dictionaries, page by page.</summary>
    [BenchmarkCategory("fault"), Benchmark]
    public void DictionaryFaultMapInstall()
    {
        for (ulong page = 0; page < (ulong)Pages; page++)
        {
            lock (_lock)
            {
                if (_dictionary.TryGetValue(page, out ulong frame))
                {
                    _device[page] = frame;
                }
            }
        }
    }

    /// <summary>Fault, map and install, two mebibytes at a time.</summary>
    [BenchmarkCategory("fault"), Benchmark]
    public OdpResult FaultMapInstall() => _context.Prefetch(PrefetchAdvice.Write, [(_region.Key, _addresses)], flush: true);

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
