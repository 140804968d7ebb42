// The reader/writer semaphore: acquiring where somebody observes or is in the way, and what the validator is told.
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
}
