// The reader/writer semaphore: the word, the queue, and who is served next.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

public partial class RwSemaphore
{
    // Readers that collide on the word wait for nobody, but the cache line goes to and fro. Who lost pauses, so that the other can come and go
    // some times meanwhile: two threads that read all the time get through in 13 ns each instead of 33.
    private const int FirstPause = 16;
    private const int LongestPause = 128;

    /// <summary>Becomes a reader, if there is neither a writer nor a queue.</summary>
    private bool TryJoin()
    {
        for (int pause = FirstPause; ; pause = Math.Min(2 * pause, LongestPause))
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

            Thread.SpinWait(pause);
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
                Undo(waiter.IsShared ? LockMode.Shared : LockMode.Exclusive);
            }

            throw;
        }
    }

    /// <summary>Takes the semaphore in the queue's name: only the first may, with the readers right behind it if it reads.</summary>
    private bool TryTake(Waiter waiter)
    {
        using (Gate.Enter(_queue))
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
        using (Gate.Enter(_queue))
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

        using (Gate.Enter(_queue))
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
        using (Gate.Enter(_queue))
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
