// Two threads that want the same lock all the time.
using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace Locking.Benchmarks;

/// <summary>Time per acquire and release, over two threads that do nothing else; the first of a category is the framework's.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByJob, BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class ContendedBenchmarks
{
    private const int Threads = 2;
    private const int PerThread = 200_000;
    private const int Few = 20_000;

    private readonly Lock _lock = new();
    private readonly MutexLock _mutex = new();
    private readonly ReaderWriterLockSlim _slim = new();
    private readonly RwSemaphore _rw = new();
    private readonly SpinMutex _spin = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly AsyncMutex _async = new();
    private readonly SemaphoreSlim _several = new(1);
    private readonly CountingSemaphore _counting = new(1);
    private readonly SeqLock _seq = new();
    private readonly SrcuDomain _srcu = new();
    private SpinLock _tracked = new(enableThreadOwnerTracking: true);
    private int _count;

    /// <summary>The framework's lock.</summary>
    [BenchmarkCategory("mutex"), Benchmark(Baseline = true, OperationsPerInvoke = Threads * PerThread)]
    public void Lock() => Both(() =>
    {
        for (int i = 0; i < PerThread; i++)
        {
            using (_lock.EnterScope())
            {
                _count++;
            }
        }
    });

    /// <summary>Ours.</summary>
    [BenchmarkCategory("mutex"), Benchmark(OperationsPerInvoke = Threads * PerThread)]
    public void MutexLock() => Both(() =>
    {
        for (int i = 0; i < PerThread; i++)
        {
            using (_mutex.Enter())
            {
                _count++;
            }
        }
    });

    /// <summary>The framework's spin lock, which knows its owner as ours does.</summary>
    [BenchmarkCategory("spin"), Benchmark(Baseline = true, OperationsPerInvoke = Threads * PerThread)]
    public void SpinLockTracked() => Both(() =>
    {
        for (int i = 0; i < PerThread; i++)
        {
            bool taken = false;
            try
            {
                _tracked.Enter(ref taken);
                _count++;
            }
            finally
            {
                if (taken)
                {
                    _tracked.Exit();
                }
            }
        }
    });

    /// <summary>Ours.</summary>
    [BenchmarkCategory("spin"), Benchmark(OperationsPerInvoke = Threads * PerThread)]
    public void SpinMutex() => Both(() =>
    {
        for (int i = 0; i < PerThread; i++)
        {
            using (_spin.Enter())
            {
                _count++;
            }
        }
    });

    /// <summary>The framework's reader/writer lock.</summary>
    [BenchmarkCategory("read"), Benchmark(Baseline = true, OperationsPerInvoke = Threads * PerThread)]
    public void ReaderWriterLockSlimRead() => Both(() =>
    {
        for (int i = 0; i < PerThread; i++)
        {
            _slim.EnterReadLock();
            _slim.ExitReadLock();
        }
    });

    /// <summary>Ours.</summary>
    [BenchmarkCategory("read"), Benchmark(OperationsPerInvoke = Threads * PerThread)]
    public void RwSemaphoreRead() => Both(() =>
    {
        for (int i = 0; i < PerThread; i++)
        {
            using (_rw.EnterRead())
            {
            }
        }
    });

    /// <summary>A read section instead of a read lock.</summary>
    [BenchmarkCategory("read"), Benchmark(OperationsPerInvoke = Threads * PerThread)]
    public void SrcuRead() => Both(() =>
    {
        for (int i = 0; i < PerThread; i++)
        {
            using (_srcu.EnterRead())
            {
            }
        }
    });

    /// <summary>The framework's reader/writer lock.</summary>
    [BenchmarkCategory("write"), Benchmark(Baseline = true, OperationsPerInvoke = Threads * PerThread)]
    public void ReaderWriterLockSlimWrite() => Both(() =>
    {
        for (int i = 0; i < PerThread; i++)
        {
            _slim.EnterWriteLock();
            _count++;
            _slim.ExitWriteLock();
        }
    });

    /// <summary>Ours.</summary>
    [BenchmarkCategory("write"), Benchmark(OperationsPerInvoke = Threads * PerThread)]
    public void RwSemaphoreWrite() => Both(() =>
    {
        for (int i = 0; i < PerThread; i++)
        {
            using (_rw.EnterWrite())
            {
                _count++;
            }
        }
    });

    /// <summary>The framework's semaphore as a mutex, blocking.</summary>
    [BenchmarkCategory("async mutex"), Benchmark(Baseline = true, OperationsPerInvoke = Threads * PerThread)]
    public void SemaphoreSlimWait() => Both(() =>
    {
        for (int i = 0; i < PerThread; i++)
        {
            _one.Wait();
            _count++;
            _one.Release();
        }
    });

    /// <summary>Ours.</summary>
    [BenchmarkCategory("async mutex"), Benchmark(OperationsPerInvoke = Threads * PerThread)]
    public void AsyncMutexEnter() => Both(() =>
    {
        for (int i = 0; i < PerThread; i++)
        {
            using (_async.Enter())
            {
                _count++;
            }
        }
    });

    /// <summary>The framework's semaphore as a semaphore.</summary>
    [BenchmarkCategory("semaphore"), Benchmark(Baseline = true, OperationsPerInvoke = Threads * PerThread)]
    public void SemaphoreSlim() => Both(() =>
    {
        for (int i = 0; i < PerThread; i++)
        {
            _several.Wait();
            _several.Release();
        }
    });

    /// <summary>Ours.</summary>
    [BenchmarkCategory("semaphore"), Benchmark(OperationsPerInvoke = Threads * PerThread)]
    public void CountingSemaphore() => Both(() =>
    {
        for (int i = 0; i < PerThread; i++)
        {
            _counting.Acquire();
            _counting.Release();
        }
    });

    /// <summary>The framework's spin lock around a write that readers retry for.</summary>
    [BenchmarkCategory("seqlock"), Benchmark(Baseline = true, OperationsPerInvoke = Threads * PerThread)]
    public void SpinLockWrite() => SpinLockTracked();

    /// <summary>Ours, writing.</summary>
    [BenchmarkCategory("seqlock"), Benchmark(OperationsPerInvoke = Threads * PerThread)]
    public void SeqLockWrite() => Both(() =>
    {
        for (int i = 0; i < PerThread; i++)
        {
            using (_seq.EnterWrite())
            {
                _count++;
            }
        }
    });

    /// <summary>The framework's semaphore as a mutex, awaited.</summary>
    [BenchmarkCategory("awaited mutex"), Benchmark(Baseline = true, OperationsPerInvoke = Threads * Few)]
    public Task SemaphoreSlimWaitAsync() => BothAsync(async () =>
    {
        for (int i = 0; i < Few; i++)
        {
            await _one.WaitAsync();
            _count++;
            _one.Release();
        }
    });

    /// <summary>Ours.</summary>
    [BenchmarkCategory("awaited mutex"), Benchmark(OperationsPerInvoke = Threads * Few)]
    public Task AsyncMutexEnterAsync() => BothAsync(async () =>
    {
        for (int i = 0; i < Few; i++)
        {
            using (await _async.EnterAsync())
            {
                _count++;
            }
        }
    });

    /// <summary>Starting the threads is in the figure, for both sides alike: some hundred microseconds over hundreds of thousands of operations.</summary>
    private static void Both(Action body)
    {
        using var start = new Barrier(Threads);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            body();
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
    }

    private static Task BothAsync(Func<Task> flow) => Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(flow)));
}
