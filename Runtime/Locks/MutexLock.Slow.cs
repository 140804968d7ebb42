// The mutex: the paths that an uncontended, unobserved acquire never takes.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

public partial class MutexLock
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AcquireObserved(in LockNesting nesting, Deadline deadline, string file, int line)
    {
        int id = Map is null ? ManagedThread.Id : Lockdep.Begin(Map, LockMode.Exclusive, nesting, file, line);
        return Interlocked.CompareExchange(ref _word, id, Free) == Free || AcquireOrForget(deadline);
    }

    /// <summary>Apart from the above, so that the usual case is free of exception frames.</summary>
    private bool AcquireOrForget(Deadline deadline)
    {
        bool acquired = false;
        try
        {
            acquired = AcquireContended(deadline);
        }
        finally
        {
            if (!acquired)
            {
                Forget();
            }
        }

        return acquired;
    }

    private void RecordTry(string file, int line)
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
                ReleaseContended();
            }
        }
    }

    /// <summary>Spins, then queues and parks. False where the time is over.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AcquireContended(Deadline deadline)
    {
        int id = ManagedThread.Id;
        if ((Volatile.Read(ref _word) & Holder) == id)
        {
            throw HeldAlready("");
        }

        long since = LockMetrics.Contended(Map);
        bool acquired = TrySpin(id) || (!deadline.IsOver && Wait(deadline));
        LockMetrics.Waited(Map, since);
        return acquired;
    }

    private bool TrySpin(int id)
    {
        var backoff = default(Backoff);
        do
        {
            if (TryOvertake(id))
            {
                return true;
            }
        }
        while (backoff.Spin());

        return false;
    }

    /// <summary>Takes a free mutex, whoever is queued.</summary>
    private bool TryOvertake(int id)
    {
        int word = Volatile.Read(ref _word);
        if ((word & Holder) == Disposed)
        {
            throw Gone();
        }

        return (word & Holder) == 0 && Interlocked.CompareExchange(ref _word, word | id, word) == word;
    }

    private bool Wait(Deadline deadline)
    {
        Waiter waiter = Waiter.Own(isShared: false);
        using (Gate.Enter(_queue))
        {
            _queue.Add(waiter);
            Interlocked.Or(ref _word, Queued);
        }

        try
        {
            while (!TryTake(waiter))
            {
                if (!waiter.Park(deadline))
                {
                    return Withdraw(waiter);
                }
            }

            return true;
        }
        catch (ThreadInterruptedException)
        {
            if (Withdraw(waiter))
            {
                ReleaseContended();
            }

            throw;
        }
    }

    /// <summary>Takes the mutex in the queue's name, if it is free or was handed over.</summary>
    private bool TryTake(Waiter waiter)
    {
        using (Gate.Enter(_queue))
        {
            if (waiter.IsGranted)
            {
                return true;
            }

            int word = Volatile.Read(ref _word);
            if ((word & Holder) != 0 || Interlocked.CompareExchange(ref _word, word | waiter.Thread, word) != word)
            {
                return false;
            }

            Leave(waiter);
            return true;
        }
    }

    /// <summary>Gives up waiting; true where the mutex was handed over in the last moment.</summary>
    private bool Withdraw(Waiter waiter)
    {
        using (Gate.Enter(_queue))
        {
            if (waiter.IsGranted)
            {
                return true;
            }

            Leave(waiter);
            if ((Volatile.Read(ref _word) & Holder) == 0)
            {
                // The wake-up that this waiter does not use belongs to the next one.
                _queue.First?.Wake();
            }

            return false;
        }
    }

    private void Leave(Waiter waiter)
    {
        _queue.Remove(waiter);
        if (_queue.First is null)
        {
            Interlocked.And(ref _word, Holder);
        }
    }

    /// <summary>Releases where somebody is queued: hands over to the first if it was overtaken for too long, else lets it try.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReleaseContended()
    {
        int id = ManagedThread.Id;
        if ((Volatile.Read(ref _word) & Holder) != id)
        {
            throw NotHeld("");
        }

        using (Gate.Enter(_queue))
        {
            if (_queue.First is not { } first)
            {
                Volatile.Write(ref _word, Free);
            }
            else if (first.IsOverdue)
            {
                first.IsGranted = true;
                _queue.Remove(first);
                Volatile.Write(ref _word, first.Thread | (_queue.First is null ? 0 : Queued));
                first.Wake();
            }
            else
            {
                Volatile.Write(ref _word, Queued);
                first.WakeOnce();
            }
        }
    }
}
