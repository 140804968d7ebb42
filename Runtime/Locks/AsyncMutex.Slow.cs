// The mutex that is awaited: waiting, handing over, and what the validator is told.
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Locking;

public sealed partial class AsyncMutex
{
    /// <summary>Pauses of 1, 2, … 32 units: well under a microsecond in all.</summary>
    private const int LongestPause = 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ValueTask<Guard> AcquireAsync(LockNesting nesting, CancellationToken cancellation, string file, int line)
    {
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Guard>(cancellation);
        }

        if (LockdepSwitch.Observes)
        {
            RecordAwait(nesting, file, line);
        }

        return Interlocked.CompareExchange(ref _word, Held, Free) == Free
            ? new ValueTask<Guard>(new Guard(this, ++_ticket))
            : EnterContendedAsync(cancellation);
    }

    private bool TryEnter(Deadline deadline, LockNesting nesting, string file, int line)
    {
        if (Map is not null)
        {
            Lockdep.Acquire(Map, LockMode.Exclusive, nesting, AcquireKind.Blocking, file, line);
        }

        bool acquired = false;
        try
        {
            acquired = Interlocked.CompareExchange(ref _word, Held, Free) == Free || EnterContended(deadline);
        }
        finally
        {
            if (!acquired)
            {
                Forget();
            }
        }

        if (acquired)
        {
            Own(ManagedThread.Id);
        }

        return acquired;
    }

    /// <summary>Numbers the hold that the caller just got.</summary>
    private long Own(int thread)
    {
        Volatile.Write(ref _thread, thread);
        return ++_ticket;
    }

    /// <summary>Spins, then queues and blocks. False where the time is over.</summary>
    private bool EnterContended(Deadline deadline)
    {
        if (Volatile.Read(ref _thread) == ManagedThread.Id)
        {
            throw HeldAlready("");
        }

        long since = LockMetrics.Contended(Map);
        var backoff = default(Backoff);
        bool acquired = TryTake();
        while (!acquired && backoff.Spin())
        {
            acquired = TryTake();
        }

        acquired = acquired || (!deadline.IsOver && Block(deadline));
        LockMetrics.Waited(Map, since);
        return acquired;
    }

    private bool TryTake()
    {
        int word = Volatile.Read(ref _word);
        if (word == Disposed)
        {
            throw Gone();
        }

        return word == Free && Interlocked.CompareExchange(ref _word, Held, Free) == Free;
    }

    /// <summary>Spins for less than a switch to another thread takes: an <c>await</c> that waits costs a task and a turn of the thread pool.</summary>
    private bool TakeSoon()
    {
        bool taken = TryTake();
        for (int pause = 1; !taken && pause <= LongestPause && Volatile.Read(ref _word) == Held; pause *= 2)
        {
            Thread.SpinWait(pause);
            taken = TryTake();
        }

        return taken;
    }

    private bool Block(Deadline deadline)
    {
        AsyncWaiter? waiter = Enqueue();
        if (waiter is null)
        {
            return true;
        }

        try
        {
            return waiter.Task.Wait(deadline.Left) || !TryWithdraw(waiter);
        }
        catch (ThreadInterruptedException)
        {
            if (!TryWithdraw(waiter))
            {
                PassOn();
            }

            throw;
        }
    }

    private async ValueTask<Guard> EnterContendedAsync(CancellationToken cancellation)
    {
        long since = LockMetrics.Contended(Map);
        bool acquired = false;
        try
        {
            AsyncWaiter? waiter = TakeSoon() ? null : Enqueue();
            if (waiter is not null)
            {
                using (cancellation.UnsafeRegister(static (state, token) => ((AsyncWaiter)state!).Cancel(token), waiter))
                {
                    await waiter.Task.ConfigureAwait(false);
                }
            }

            acquired = true;
        }
        finally
        {
            if (!acquired)
            {
                Forget();
            }
        }

        LockMetrics.Waited(Map, since);
        return new Guard(this, Own(0));
    }

    /// <summary>Puts a waiter in the queue; null where the mutex was free and is held now.</summary>
    private AsyncWaiter? Enqueue()
    {
        using (Gate.Enter(_queue))
        {
            while (true)
            {
                if (TryTake())
                {
                    return null;
                }

                if (Interlocked.CompareExchange(ref _word, Held | Queued, Held) is Held or (Held | Queued))
                {
                    return _queue.Add(this);
                }
            }
        }
    }

    /// <summary>Takes a waiter out of the queue; false where the mutex was handed to it already.</summary>
    internal bool TryWithdraw(AsyncWaiter waiter)
    {
        using (Gate.Enter(_queue))
        {
            bool removed = _queue.Remove(waiter);
            if (removed && _queue.IsEmpty)
            {
                Volatile.Write(ref _word, Held);
            }

            return removed;
        }
    }

    private void Release(long ticket)
    {
        // Two threads may dispose copies of one guard at once; the number lets one of them through.
        if (Interlocked.CompareExchange(ref _ticket, ticket + 1, ticket) != ticket)
        {
            throw new SynchronizationLockException($"This hold of {Described} was released before.");
        }

        if (LockdepSwitch.Observes)
        {
            Forget();
        }

        _thread = 0;
        PassOn();
    }

    /// <summary>Frees the mutex, or hands it to the first in the queue.</summary>
    private void PassOn()
    {
        if (Interlocked.CompareExchange(ref _word, Free, Held) == Held)
        {
            return;
        }

        AsyncWaiter? next;
        using (Gate.Enter(_queue))
        {
            next = _queue.Take();
            Volatile.Write(ref _word, next is null ? Free : _queue.IsEmpty ? Held : Held | Queued);
        }

        next?.SetResult();
    }

    /// <summary>A flow of the validator records the hold. Elsewhere it is checked only: nobody can tell where the code goes after the await.</summary>
    private void RecordAwait(LockNesting nesting, string file, int line)
    {
        if (HeldStack.Current.Flow is not null)
        {
            Lockdep.Acquire(Map!, LockMode.Exclusive, nesting, AcquireKind.Await, file, line);
        }
        else
        {
            Lockdep.MightAcquire(Map!, LockMode.Exclusive, AcquireKind.Await, file, line);
        }
    }

    private void RecordTry(long ticket, string file, int line)
    {
        bool recorded = false;
        try
        {
            Lockdep.Acquire(Map!, LockMode.Exclusive, default, AcquireKind.Try, file, line);
            recorded = true;
        }
        finally
        {
            if (!recorded)
            {
                Release(ticket);
            }
        }
    }
}
