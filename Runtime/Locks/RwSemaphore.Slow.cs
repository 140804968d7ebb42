// The reader/writer semaphore: the paths that an uncontended, unobserved acquire never takes.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

public partial class RwSemaphore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool AcquireReadRaw(Deadline deadline)
    {
        ReadHolds holds = ReadHolds.Current;
        if (TryJoinAtOnce(holds))
        {
            return true;
        }

        if (!AcquireReadContended(holds, deadline))
        {
            return false;
        }

        holds.Add(_id);
        return true;
    }

    /// <summary>One attempt to become a reader.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryJoinAtOnce(ReadHolds holds)
    {
        long word = Volatile.Read(ref _word);
        if (holds.Contains(_id)
            || (word & ~Readers) != 0
            || Interlocked.CompareExchange(ref _word, word + OneReader, word) != word)
        {
            return false;
        }

        holds.Add(_id);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AcquireReadObserved(in LockNesting nesting, Deadline deadline, string file, int line)
    {
        if (Map is null)
        {
            return AcquireReadRaw(deadline);
        }

        Lockdep.Begin(Map, LockMode.Shared, nesting, file, line);
        return TryJoinAtOnce(ReadHolds.Current) || AcquireOrForget(LockMode.Shared, deadline);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AcquireWriteObserved(in LockNesting nesting, Deadline deadline, string file, int line)
    {
        long id = Map is null ? ManagedThread.Id : Lockdep.Begin(Map, LockMode.Exclusive, nesting, file, line);
        return Interlocked.CompareExchange(ref _word, id << WriterShift, Free) == Free || AcquireOrForget(LockMode.Exclusive, deadline);
    }

    /// <summary>Apart from the above, so that the usual case is free of exception frames.</summary>
    private bool AcquireOrForget(LockMode mode, Deadline deadline)
    {
        bool acquired = false;
        try
        {
            acquired = mode == LockMode.Exclusive ? AcquireWriteContended(deadline) : AcquireReadRaw(deadline);
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

    /// <summary>Records a try that succeeded; undoes it where the report throws.</summary>
    private void RecordTry(LockMode mode, string file, int line)
    {
        if (Map is null)
        {
            return;
        }

        bool recorded = false;
        try
        {
            Lockdep.Acquire(Map, mode, default, AcquireKind.Try, file, line);
            recorded = true;
        }
        finally
        {
            if (!recorded)
            {
                Undo(mode);
            }
        }
    }

    private void Undo(LockMode mode)
    {
        if (mode == LockMode.Exclusive)
        {
            ReleaseWriteContended();
        }
        else
        {
            ReadHolds.Current.Remove(_id);
            LeaveRead();
        }
    }

    /// <summary>Tells the validator of a release, unless the mode is wrong: the caller throws for that, and the hold stays.</summary>
    private void RecordRelease(LockMode mode)
    {
        // Read holds and a write hold of one thread exclude each other, so the word tells.
        if (IsWriteHeldByCurrentThread ? mode == LockMode.Exclusive : mode == LockMode.Shared || !IsReadHeldByCurrentThread)
        {
            Lockdep.End(Map!);
        }
    }

    private void LeaveRead()
    {
        if (Interlocked.Add(ref _word, -OneReader) == Queued)
        {
            PassOn();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowNotHeld(LockMode mode) => throw NotHeld(mode == LockMode.Shared ? "for reading " : "for writing ");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AcquireReadContended(ReadHolds holds, Deadline deadline)
    {
        if (holds.Contains(_id))
        {
            throw HeldAlready("for reading ");
        }

        if (IsWriteHeldByCurrentThread)
        {
            throw HeldAlready("for writing ");
        }

        // Another reader that came at the same moment is no contention: nobody has to wait.
        if (TryJoin())
        {
            return true;
        }

        long since = LockMetrics.Contended(Map);
        var backoff = default(Backoff);
        bool acquired = false;
        while (!acquired && backoff.Spin())
        {
            acquired = TryJoin();
        }

        acquired = acquired || (!deadline.IsOver && Wait(Waiter.Own(isShared: true), deadline));
        LockMetrics.Waited(Map, since);
        return acquired;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AcquireWriteContended(Deadline deadline)
    {
        if (IsWriteHeldByCurrentThread)
        {
            throw HeldAlready("for writing ");
        }

        if (IsReadHeldByCurrentThread)
        {
            throw HeldAlready("for reading ");
        }

        long since = LockMetrics.Contended(Map);
        long mine = WriterWord;
        var backoff = default(Backoff);
        bool acquired = TryOvertake(mine);
        while (!acquired && backoff.Spin())
        {
            acquired = TryOvertake(mine);
        }

        acquired = acquired || (!deadline.IsOver && Wait(Waiter.Own(isShared: false), deadline));
        LockMetrics.Waited(Map, since);
        return acquired;
    }

    /// <summary>Becomes a reader, if there is neither a writer nor a queue.</summary>
    private bool TryJoin()
    {
        while (true)
        {
            long word = Volatile.Read(ref _word);
            if ((word & ~Readers) != 0)
            {
                return (word & Writer) == Disposed ? throw Gone() : false;
            }

            if (Interlocked.CompareExchange(ref _word, word + OneReader, word) == word)
            {
                return true;
            }
        }
    }

    /// <summary>Becomes the writer of a free semaphore, whoever is queued.</summary>
    private bool TryOvertake(long mine)
    {
        long word = Volatile.Read(ref _word);
        if ((word & Writer) == Disposed)
        {
            throw Gone();
        }

        return (word & ~Queued) == 0 && Interlocked.CompareExchange(ref _word, word | mine, word) == word;
    }

    /// <summary>Queues and parks until the semaphore was taken or handed over; false where the time is over.</summary>
    private bool Wait(Waiter waiter, Deadline deadline)
    {
        lock (_queue)
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
                Undo(waiter.IsShared ? LockMode.Shared : LockMode.Exclusive);
            }

            throw;
        }
    }

    /// <summary>Takes the semaphore in the queue's name: only the first may, with the readers right behind it if it reads.</summary>
    private bool TryTake(Waiter waiter)
    {
        lock (_queue)
        {
            if (waiter.IsGranted)
            {
                return true;
            }

            if (_queue.First != waiter)
            {
                return false;
            }

            if (waiter.IsShared)
            {
                LetReadersIn();
                return waiter.IsGranted;
            }

            long word = Volatile.Read(ref _word);
            if ((word & ~Queued) != 0 || Interlocked.CompareExchange(ref _word, word | ((long)waiter.Thread << WriterShift), word) != word)
            {
                return false;
            }

            Leave(waiter);
            return true;
        }
    }

    /// <summary>Gives up waiting; true where the semaphore was handed over in the last moment.</summary>
    private bool Withdraw(Waiter waiter)
    {
        lock (_queue)
        {
            if (!waiter.IsGranted)
            {
                Leave(waiter);
                Serve();
            }

            return waiter.IsGranted;
        }
    }

    private void Leave(Waiter waiter)
    {
        _queue.Remove(waiter);
        if (_queue.First is null)
        {
            Interlocked.And(ref _word, ~Queued);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReleaseWriteContended()
    {
        if (!IsWriteHeldByCurrentThread)
        {
            ThrowNotHeld(LockMode.Exclusive);
        }

        lock (_queue)
        {
            switch (_queue.First)
            {
                case { IsShared: true } reader:
                    HandOver(reader, OneReader);
                    LetReadersIn();
                    break;
                case { IsOverdue: true } writer:
                    HandOver(writer, (long)writer.Thread << WriterShift);
                    break;
                case { } writer:
                    Volatile.Write(ref _word, Queued);
                    writer.WakeOnce();
                    break;
                default:
                    Volatile.Write(ref _word, Free);
                    break;
            }
        }
    }

    /// <summary>The last reader left, and somebody is queued.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PassOn()
    {
        lock (_queue)
        {
            Serve();
        }
    }

    /// <summary>Lets the readers at the head of the queue in, or tells the writer there to try. The caller holds the queue's lock.</summary>
    private void Serve()
    {
        if (_queue.First is { IsShared: true })
        {
            LetReadersIn();
        }
        else if (_queue.First is { } writer && (Volatile.Read(ref _word) & ~Queued) == 0)
        {
            if (writer.IsOverdue && Interlocked.CompareExchange(ref _word, Queued | ((long)writer.Thread << WriterShift), Queued) == Queued)
            {
                Granted(writer);
            }
            else
            {
                writer.WakeOnce();
            }
        }
    }

    /// <summary>The writer who releases makes the first in the queue the next holder, in one step, so that nobody comes between.</summary>
    private void HandOver(Waiter waiter, long hold)
    {
        Volatile.Write(ref _word, Queued | hold);
        Granted(waiter);
    }

    private void Granted(Waiter waiter)
    {
        waiter.IsGranted = true;
        Leave(waiter);
        waiter.Wake();
    }

    /// <summary>Makes readers of the waiting readers at the head of the queue, where no writer holds it. The caller holds the queue's lock.</summary>
    private void LetReadersIn()
    {
        while (_queue.First is { IsShared: true } reader)
        {
            long word = Volatile.Read(ref _word);
            if ((word & Writer) != 0)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _word, word + OneReader, word) == word)
            {
                Granted(reader);
            }
        }
    }
}
