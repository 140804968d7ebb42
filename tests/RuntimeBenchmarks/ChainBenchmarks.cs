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
    private readonly Lock[] _raw = [new(), new(), new()];
    private readonly MutexLock _outer = new();
    private readonly MutexLock _middle = new();
    private readonly MutexLock _inner = new();
    private int _count;

    /// <summary>One raw lock.</summary>
    [BenchmarkCategory("one"), Benchmark(Baseline = true)]
    public void RawOne()
    {
        using (_raw[0].EnterScope())
        {
            _count++;
        }
    }

    /// <summary>One of ours.</summary>
    [BenchmarkCategory("one"), Benchmark]
    public void One()
    {
        using (_outer.Enter())
        {
            _count++;
        }
    }

    /// <summary>Three raw locks, nested.</summary>
    [BenchmarkCategory("three"), Benchmark(Baseline = true)]
    public void RawThree()
    {
        using (_raw[0].EnterScope())
        using (_raw[1].EnterScope())
        using (_raw[2].EnterScope())
        {
            _count++;
        }
    }

    /// <summary>Three of ours, nested.</summary>
    [BenchmarkCategory("three"), Benchmark]
    public void Three()
    {
        using (_outer.Enter())
        using (_middle.Enter())
        using (_inner.Enter())
        {
            _count++;
        }
    }
}
