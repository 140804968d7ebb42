// Acquire and release by one thread, next to the framework's part that the lock replaces.
using System.Runtime.CompilerServices;
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
    /// <summary>Operations per call, so that the call itself does not count.</summary>
    private const int Times = 1000;

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
    [BenchmarkCategory("mutex"), Benchmark(Baseline = true, OperationsPerInvoke = Times)]
    public void Lock()
    {
        for (int i = 0; i < Times; i++)
        {
            using (_lock.EnterScope())
            {
                _count++;
            }
        }
    }

    /// <summary>The monitor, for orientation.</summary>
    [BenchmarkCategory("mutex"), Benchmark(OperationsPerInvoke = Times)]
    public void Monitor()
    {
        for (int i = 0; i < Times; i++)
        {
            lock (_monitor)
            {
                _count++;
            }
        }
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("mutex"), Benchmark(OperationsPerInvoke = Times)]
    public void MutexLock()
    {
        for (int i = 0; i < Times; i++)
        {
            using (_mutex.Enter())
            {
                _count++;
            }
        }
    }

    /// <summary>The framework's spin lock, which knows its owner as ours does.</summary>
    [BenchmarkCategory("spin"), Benchmark(Baseline = true, OperationsPerInvoke = Times)]
    public void SpinLockTracked()
    {
        for (int i = 0; i < Times; i++)
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
    }

    /// <summary>The framework's spin lock, which does not know its owner.</summary>
    [BenchmarkCategory("spin"), Benchmark(OperationsPerInvoke = Times)]
    public void SpinLockUntracked()
    {
        for (int i = 0; i < Times; i++)
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
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("spin"), Benchmark(OperationsPerInvoke = Times)]
    public void SpinMutex()
    {
        for (int i = 0; i < Times; i++)
        {
            using (_spin.Enter())
            {
                _count++;
            }
        }
    }

    /// <summary>The framework's reader/writer lock.</summary>
    [BenchmarkCategory("read"), Benchmark(Baseline = true, OperationsPerInvoke = Times)]
    public void ReaderWriterLockSlimRead()
    {
        for (int i = 0; i < Times; i++)
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
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("read"), Benchmark(OperationsPerInvoke = Times)]
    public void RwSemaphoreRead()
    {
        for (int i = 0; i < Times; i++)
        {
            using (_rw.EnterRead())
            {
                _count++;
            }
        }
    }

    /// <summary>The framework's reader/writer lock.</summary>
    [BenchmarkCategory("write"), Benchmark(Baseline = true, OperationsPerInvoke = Times)]
    public void ReaderWriterLockSlimWrite()
    {
        for (int i = 0; i < Times; i++)
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
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("write"), Benchmark(OperationsPerInvoke = Times)]
    public void RwSemaphoreWrite()
    {
        for (int i = 0; i < Times; i++)
        {
            using (_rw.EnterWrite())
            {
                _count++;
            }
        }
    }

    /// <summary>The framework's semaphore as a mutex, blocking.</summary>
    [BenchmarkCategory("async mutex"), Benchmark(Baseline = true, OperationsPerInvoke = Times)]
    public void SemaphoreSlimWait()
    {
        for (int i = 0; i < Times; i++)
        {
            _one.Wait();
            _count++;
            _one.Release();
        }
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("async mutex"), Benchmark(OperationsPerInvoke = Times)]
    public void AsyncMutexEnter()
    {
        for (int i = 0; i < Times; i++)
        {
            using (_async.Enter())
            {
                _count++;
            }
        }
    }

    /// <summary>The framework's semaphore as a mutex, awaited.</summary>
    [BenchmarkCategory("awaited mutex"), Benchmark(Baseline = true, OperationsPerInvoke = Times)]
    public async Task SemaphoreSlimWaitAsync()
    {
        for (int i = 0; i < Times; i++)
        {
            await _one.WaitAsync();
            _count++;
            _one.Release();
        }
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("awaited mutex"), Benchmark(OperationsPerInvoke = Times)]
    public async Task AsyncMutexEnterAsync()
    {
        for (int i = 0; i < Times; i++)
        {
            using (await _async.EnterAsync())
            {
                _count++;
            }
        }
    }

    /// <summary>The framework's semaphore.</summary>
    [BenchmarkCategory("semaphore"), Benchmark(Baseline = true, OperationsPerInvoke = Times)]
    public void SemaphoreSlim()
    {
        for (int i = 0; i < Times; i++)
        {
            _one.Wait();
            _one.Release();
        }
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("semaphore"), Benchmark(OperationsPerInvoke = Times)]
    public void CountingSemaphore()
    {
        for (int i = 0; i < Times; i++)
        {
            _counting.Acquire();
            _counting.Release();
        }
    }

    /// <summary>The framework's semaphore as a signal.</summary>
    [BenchmarkCategory("completion"), Benchmark(Baseline = true, OperationsPerInvoke = Times)]
    public void SemaphoreSlimSignal()
    {
        for (int i = 0; i < Times; i++)
        {
            _signal.Release();
            _signal.Wait();
        }
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("completion"), Benchmark(OperationsPerInvoke = Times)]
    public void Completion()
    {
        for (int i = 0; i < Times; i++)
        {
            _completion.Complete();
            _completion.Wait();
        }
    }

    /// <summary>What the section is measured against: an increment and a decrement nobody contends for.</summary>
    [BenchmarkCategory("srcu"), Benchmark(Baseline = true, OperationsPerInvoke = Times)]
    public void InterlockedPair()
    {
        for (int i = 0; i < Times; i++)
        {
            Interlocked.Increment(ref _count);
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Ours.</summary>
    [BenchmarkCategory("srcu"), Benchmark(OperationsPerInvoke = Times)]
    public void SrcuRead()
    {
        for (int i = 0; i < Times; i++)
        {
            using (_srcu.EnterRead())
            {
            }
        }
    }

    /// <summary>The pair in a method of its own, called in a loop: nothing is hoisted, the call counts for both sides.</summary>
    [BenchmarkCategory("srcu, called"), Benchmark(Baseline = true, OperationsPerInvoke = Times)]
    public void InterlockedPairCalled()
    {
        for (int i = 0; i < Times; i++)
        {
            Pair();
        }
    }

    /// <summary>Ours, the same way.</summary>
    [BenchmarkCategory("srcu, called"), Benchmark(OperationsPerInvoke = Times)]
    public void SrcuReadCalled()
    {
        for (int i = 0; i < Times; i++)
        {
            Section();
        }
    }

    /// <summary>Writing under the framework's spin lock, which has no lock-free readers.</summary>
    [BenchmarkCategory("seqlock"), Benchmark(Baseline = true, OperationsPerInvoke = Times)]
    public void SpinLockWrite() => SpinLockTracked();

    /// <summary>Ours, writing.</summary>
    [BenchmarkCategory("seqlock"), Benchmark(OperationsPerInvoke = Times)]
    public void SeqLockWrite()
    {
        for (int i = 0; i < Times; i++)
        {
            using (_seq.EnterWrite())
            {
                _count++;
            }
        }
    }

    /// <summary>Ours, reading.</summary>
    [BenchmarkCategory("seqlock"), Benchmark(OperationsPerInvoke = Times)]
    public int SeqLockRead()
    {
        int seen = 0;
        for (int i = 0; i < Times; i++)
        {
            uint start;
            do
            {
                start = _seq.ReadBegin();
                seen = _count;
            }
            while (_seq.ReadRetry(start));
        }

        return seen;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Pair()
    {
        Interlocked.Increment(ref _count);
        Interlocked.Decrement(ref _count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Section()
    {
        using (_srcu.EnterRead())
        {
        }
    }
}
