// What validation costs on a warm chain: one lock, and three nested.
using System.Threading;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace Locking.Benchmarks;

/// <summary>The framework's lock is the raw part; compare the job "checked" with it.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByJob, BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class ChainBenchmarks
{
    /// <summary>Operations per call, so that the call itself does not count.</summary>
    private const int Times = 1000;

    private readonly Lock[] _raw = [new(), new(), new()];
    private readonly MutexLock _outer = new();
    private readonly MutexLock _middle = new();
    private readonly MutexLock _inner = new();
    private int _count;

    /// <summary>One raw lock.</summary>
    [BenchmarkCategory("one"), Benchmark(Baseline = true, OperationsPerInvoke = Times)]
    public void RawOne()
    {
        for (int i = 0; i < Times; i++)
        {
            using (_raw[0].EnterScope())
            {
                _count++;
            }
        }
    }

    /// <summary>One of ours.</summary>
    [BenchmarkCategory("one"), Benchmark(OperationsPerInvoke = Times)]
    public void One()
    {
        for (int i = 0; i < Times; i++)
        {
            using (_outer.Enter())
            {
                _count++;
            }
        }
    }

    /// <summary>Three raw locks, nested.</summary>
    [BenchmarkCategory("three"), Benchmark(Baseline = true, OperationsPerInvoke = Times)]
    public void RawThree()
    {
        for (int i = 0; i < Times; i++)
        {
            using (_raw[0].EnterScope())
            using (_raw[1].EnterScope())
            using (_raw[2].EnterScope())
            {
                _count++;
            }
        }
    }

    /// <summary>Three of ours, nested.</summary>
    [BenchmarkCategory("three"), Benchmark(OperationsPerInvoke = Times)]
    public void Three()
    {
        for (int i = 0; i < Times; i++)
        {
            using (_outer.Enter())
            using (_middle.Enter())
            using (_inner.Enter())
            {
                _count++;
            }
        }
    }
}
