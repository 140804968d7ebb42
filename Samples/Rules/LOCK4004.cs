// Blocking under a spin lock, or in a callback that must not block.
using System.Collections.Generic;
using System.Threading;
using Locking;

namespace Locking.Samples.LOCK4004;

public sealed class Histogram
{
    private readonly object _file = new();
    private readonly long[] _buckets = new long[64];
    private SpinLock _spin = new(enableThreadOwnerTracking: false);

    public void AddAndLog(int bucket)
    {
        bool taken = false;
        try
        {
            _spin.Enter(ref taken);
            _buckets[bucket]++;
            lock (_file) // LOCK4004
            {
                _buckets[0]++;
            }
        }
        finally
        {
            if (taken)
            {
                _spin.Exit();
            }
        }
    }

    public void Add(int bucket)
    {
        bool taken = false;
        try
        {
            _spin.Enter(ref taken);
            _buckets[bucket]++;
        }
        finally
        {
            if (taken)
            {
                _spin.Exit();
            }
        }
    }
}

/// <summary>Told that pages are going away; whoever tells it may not wait.</summary>
public interface INotifier
{
    [MustNotBlock]
    bool Invalidate(ulong address);
}

public sealed class WaitingNotifier : INotifier
{
    private readonly SemaphoreSlim _mutex = new(1, 1);
    private readonly HashSet<ulong> _mapped = [];

    public bool Invalidate(ulong address)
    {
        _mutex.Wait(); // LOCK4004
        _mapped.Remove(address);
        _mutex.Release();
        return true;
    }
}

/// <summary>Right: tries, and says so where it could not.</summary>
public sealed class TryingNotifier : INotifier
{
    private readonly SemaphoreSlim _mutex = new(1, 1);
    private readonly HashSet<ulong> _mapped = [];

    public bool Invalidate(ulong address)
    {
        if (!_mutex.Wait(0))
        {
            return false;
        }

        _mapped.Remove(address);
        _mutex.Release();
        return true;
    }
}
