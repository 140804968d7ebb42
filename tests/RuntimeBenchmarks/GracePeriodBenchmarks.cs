// How long an updater waits for readers.
using System.Threading;
using BenchmarkDotNet.Attributes;

namespace Locking.Benchmarks;

/// <summary>The latency of a grace period, without readers and with one that enters and leaves all the time.</summary>
public class GracePeriodBenchmarks
{
    private readonly SrcuDomain _domain = new();
    private Thread? _reader;
    private volatile bool _stop;

    /// <summary>How many threads read meanwhile.</summary>
    [Params(0, 1)]
    public int Readers { get; set; }

    /// <summary>Starts the reader.</summary>
    [GlobalSetup]
    public void Start()
    {
        if (Readers == 0)
        {
            return;
        }

        _reader = new Thread(() =>
        {
            while (!_stop)
            {
                using (_domain.EnterRead())
                {
                }
            }
        });
        _reader.Start();
    }

    /// <summary>Ends the reader.</summary>
    [GlobalCleanup]
    public void Stop()
    {
        _stop = true;
        _reader?.Join();
    }

    /// <summary>The usual one.</summary>
    [Benchmark]
    public void Synchronize() => _domain.Synchronize();

    /// <summary>The one that burns time.</summary>
    [Benchmark]
    public void SynchronizeExpedited() => _domain.SynchronizeExpedited();
}
