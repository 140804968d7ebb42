// Acquire and release by one thread, next to the framework's part that the lock replaces.
using System.Threading;
using System.Threading.Tasks;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace Locking.Benchmarks;

/// <summary>One acquire and release each; the first of a category is the framework's.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByJob, BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class UncontendedBenchmarks
{
    private readonly Lock _lock = new();
    private readonly MutexLock _mutex = new();
    private readonly ReaderWriterLockSlim _slim = new();
    private readonly RwSemaphore _rw = new();
    private readonly SpinMutex _spin = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly AsyncMutex _async = new();
    private readonly CountingSemaphore _counting = new(1);
    private readonly SemaphoreSlim _signal = new(0);
    private readonly Completion _completion = new();
    private readonly SrcuDomain _srcu = new();
    private readonly SeqLock _seq = new();
    private readonly object _monitor = new();
    private SpinLock _tracked = new(enableThreadOwnerTracking: true);
    private SpinLock _untracked = new(enableThreadOwnerTracking: false);
    private int _count;

    /// <summary>The framework's lock.</summary>
    [BenchmarkCategory("mutex"), Benchmark(Baseline = true)]
    public void Lock()
    {
        using (_lock.EnterScope())
        {
            _count++;
        }
    }

    /// <summary>The monitor, for orientation.</summary>
    [BenchmarkCategory("mutex"), Benchmark]
    public void Monitor()
    {
        lock (_monitor)
        {
            _count++;
        }
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("mutex"), Benchmark]
    public void MutexLock()
    {
        using (_mutex.Enter())
        {
            _count++;
        }
    }

    /// <summary>The framework's spin lock, which knows its owner as ours does.</summary>
    [BenchmarkCategory("spin"), Benchmark(Baseline = true)]
    public void SpinLockTracked()
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

    /// <summary>The framework's spin lock, which does not know its owner.</summary>
    [BenchmarkCategory("spin"), Benchmark]
    public void SpinLockUntracked()
    {
        bool taken = false;
        try
        {
            _untracked.Enter(ref taken);
            _count++;
        }
        finally
        {
            if (taken)
            {
                _untracked.Exit(useMemoryBarrier: false);
            }
        }
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("spin"), Benchmark]
    public void SpinMutex()
    {
        using (_spin.Enter())
        {
            _count++;
        }
    }

    /// <summary>The framework's reader/writer lock.</summary>
    [BenchmarkCategory("read"), Benchmark(Baseline = true)]
    public void ReaderWriterLockSlimRead()
    {
        _slim.EnterReadLock();
        try
        {
            _count++;
        }
        finally
        {
            _slim.ExitReadLock();
        }
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("read"), Benchmark]
    public void RwSemaphoreRead()
    {
        using (_rw.EnterRead())
        {
            _count++;
        }
    }

    /// <summary>The framework's reader/writer lock.</summary>
    [BenchmarkCategory("write"), Benchmark(Baseline = true)]
    public void ReaderWriterLockSlimWrite()
    {
        _slim.EnterWriteLock();
        try
        {
            _count++;
        }
        finally
        {
            _slim.ExitWriteLock();
        }
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("write"), Benchmark]
    public void RwSemaphoreWrite()
    {
        using (_rw.EnterWrite())
        {
            _count++;
        }
    }

    /// <summary>The framework's semaphore as a mutex, blocking.</summary>
    [BenchmarkCategory("async mutex"), Benchmark(Baseline = true)]
    public void SemaphoreSlimWait()
    {
        _one.Wait();
        _count++;
        _one.Release();
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("async mutex"), Benchmark]
    public void AsyncMutexEnter()
    {
        using (_async.Enter())
        {
            _count++;
        }
    }

    /// <summary>The framework's semaphore as a mutex, awaited.</summary>
    [BenchmarkCategory("awaited mutex"), Benchmark(Baseline = true)]
    public async Task SemaphoreSlimWaitAsync()
    {
        await _one.WaitAsync();
        _count++;
        _one.Release();
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("awaited mutex"), Benchmark]
    public async Task AsyncMutexEnterAsync()
    {
        using (await _async.EnterAsync())
        {
            _count++;
        }
    }

    /// <summary>The framework's semaphore.</summary>
    [BenchmarkCategory("semaphore"), Benchmark(Baseline = true)]
    public void SemaphoreSlim()
    {
        _one.Wait();
        _one.Release();
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("semaphore"), Benchmark]
    public void CountingSemaphore()
    {
        _counting.Acquire();
        _counting.Release();
    }

    /// <summary>The framework's semaphore as a signal.</summary>
    [BenchmarkCategory("completion"), Benchmark(Baseline = true)]
    public void SemaphoreSlimSignal()
    {
        _signal.Release();
        _signal.Wait();
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("completion"), Benchmark]
    public void Completion()
    {
        _completion.Complete();
        _completion.Wait();
    }

    /// <summary>What the section is measured against: an increment and a decrement nobody contends for.</summary>
    [BenchmarkCategory("srcu"), Benchmark(Baseline = true)]
    public void InterlockedPair()
    {
        Interlocked.Increment(ref _count);
        Interlocked.Decrement(ref _count);
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("srcu"), Benchmark]
    public void SrcuRead()
    {
        using (_srcu.EnterRead())
        {
        }
    }

    /// <summary>Writing under the framework's spin lock, which has no lock-free readers.</summary>
    [BenchmarkCategory("seqlock"), Benchmark(Baseline = true)]
    public void SpinLockWrite() => SpinLockTracked();

    /// <summary>Ours, writing.</summary>
    [BenchmarkCategory("seqlock"), Benchmark]
    public void SeqLockWrite()
    {
        using (_seq.EnterWrite())
        {
            _count++;
        }
    }

    /// <summary>Ours, reading.</summary>
    [BenchmarkCategory("seqlock"), Benchmark]
    public int SeqLockRead()
    {
        int seen;
        uint start;
        do
        {
            start = _seq.ReadBegin();
            seen = _count;
        }
        while (_seq.ReadRetry(start));
        return seen;
    }
}
