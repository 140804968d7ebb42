// A thread that waits for a lock.
using System;
using System.Diagnostics;
using System.Threading;

namespace Locking;

/// <summary>
/// A thread in the queue of a lock. A thread waits for one lock at a time, so it has one of these for life and waiting allocates nothing.
/// All members but parking are guarded by the queue's lock.
/// </summary>
internal sealed class Waiter
{
    /// <summary>
    /// How long the first in the queue may be overtaken by threads that come running, in stopwatch ticks. Overtaking keeps the lock busy;
    /// after this time the lock is handed over, which bounds the wait. Linux: <c>RWSEM_WAIT_TIMEOUT</c>, four milliseconds.
    /// </summary>
    private static readonly long s_patience = Stopwatch.Frequency / 1000;

    [ThreadStatic]
    private static Waiter? t_own;

    private readonly object _lock = new();
    private long _since;
    private bool _isWoken;

    private Waiter()
    {
    }

    public Waiter? Next { get; set; }

    public int Thread { get; private set; }

    public bool IsShared { get; private set; }

    /// <summary>Whether the lock was handed over: its state names this waiter already.</summary>
    public bool IsGranted { get; set; }

    public bool IsOverdue => Stopwatch.GetTimestamp() - _since > s_patience;

    /// <summary>The waiter of the current thread, made ready.</summary>
    public static Waiter Own(bool isShared)
    {
        Waiter waiter = t_own ??= new Waiter();
        waiter.Next = null;
        waiter.Thread = ManagedThread.Id;
        waiter.IsShared = isShared;
        waiter.IsGranted = false;
        waiter._isWoken = false;
        waiter._since = Stopwatch.GetTimestamp();
        return waiter;
    }

    /// <summary>Sleeps until woken; false where the time is over. An interrupt comes out of here.</summary>
    public bool Park(Deadline deadline)
    {
        lock (_lock)
        {
            while (!_isWoken)
            {
                int left = deadline.Left;
                if (left == 0 || !Monitor.Wait(_lock, left))
                {
                    return _isWoken;
                }
            }

            _isWoken = false;
            return true;
        }
    }

    /// <summary>Tells it to try, unless it was told and has not yet: one wake-up on the way is enough.</summary>
    public void WakeOnce()
    {
        if (!Volatile.Read(ref _isWoken))
        {
            Wake();
        }
    }

    [NoThreadSafetyAnalysis("The gate holds the monitor, which the analysis does not follow.")]
    public void Wake()
    {
        using (Gate.Enter(_lock))
        {
            _isWoken = true;
            Monitor.Pulse(_lock);
        }
    }
}
