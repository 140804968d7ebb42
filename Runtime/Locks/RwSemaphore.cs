// The reader/writer semaphore: many readers or one writer, blocking, fair to both, not recursive.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

/// <summary>
/// A reader/writer semaphore: many readers or one writer; a waiting writer holds new readers back; neither mode is recursive; whoever acquired
/// must release. Linux: <c>struct rw_semaphore</c>.
/// </summary>
/// <remarks>
/// <para>
/// Own code and not a shell around <see cref="ReaderWriterLockSlim"/>: that one has no downgrade from an exclusive hold, and lets a stream of
/// writers starve readers. Here writers and readers queue in order of arrival; a running writer may overtake a parked one for at most about a
/// millisecond, and readers never overtake a waiting writer.
/// </para>
/// <para>
/// A reader that acquires again would deadlock as soon as a writer waits between the two, so it is refused at once, writer or not. The same
/// for a reader that asks to write.
/// </para>
/// <para>Safe for any thread. The guards allocate nothing.</para>
/// </remarks>
[Capability("rw_semaphore")]
public partial class RwSemaphore : TrackedLock, IDisposable
{
    // The word:
    //   63             32 31    31 30                0
    //   +----------------+--------+------------------+
    //   | writer, 0 none | queued | number of readers |
    //   +----------------+--------+------------------+
    // "Queued" is set while the queue is not empty, and only under the lock of the queue. The writer is a thread number.
    private const long Free = 0;
    private const long OneReader = 1;
    private const long Readers = 0x7FFF_FFFF;
    private const long Queued = 0x8000_0000;
    private const long Writer = ~(Readers | Queued);
    private const int WriterShift = 32;

    /// <summary>The word of a semaphore that was disposed: a writer that no thread is.</summary>
    private const long Disposed = (long)int.MaxValue << WriterShift;

    private static long s_ids;

    private readonly WaitQueue _queue = new();
    private readonly long _id = Interlocked.Increment(ref s_ids);
    private long _word;

    /// <summary>Makes a semaphore of the class of the member that is being initialised.</summary>
    /// <param name="member">The member; filled in by the compiler.</param>
    /// <param name="file">The file; filled in by the compiler.</param>
    /// <param name="line">The line; filled in by the compiler.</param>
    public RwSemaphore([CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(null, WaitType.Sleep, WaitType.Sleep, member, file, line)
    {
    }

    /// <summary>Makes a semaphore of a class.</summary>
    /// <param name="lockClass">The class.</param>
    public RwSemaphore(LockClass lockClass)
        : base(lockClass, WaitType.Sleep, WaitType.Sleep, "", "", 0)
    {
    }

    /// <summary>Whether the calling thread holds it for writing.</summary>
    public bool IsWriteHeldByCurrentThread => (int)(Volatile.Read(ref _word) >> WriterShift) == ManagedThread.Id;

    /// <summary>Whether the calling thread holds it for reading.</summary>
    public bool IsReadHeldByCurrentThread => ReadHolds.Current.Contains(_id);

    private static long WriterWord => (long)ManagedThread.Id << WriterShift;

    /// <summary>Acquires for reading; blocks while a writer holds it or waits for it. Linux: <c>down_read</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="LockRecursionException">The calling thread holds it already, in either mode.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [AcquiresShared("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcquireRead([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            AcquireReadObserved(default, Deadline.Never, file, line);
        }
        else
        {
            AcquireReadRaw(Deadline.Never);
        }
    }

    /// <summary>Acquires for reading while another lock of the class may be held. Linux: <c>down_read_nested</c>.</summary>
    /// <param name="nesting">Why that is right.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="LockRecursionException">The calling thread holds it already, in either mode.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [AcquiresShared("this")]
    [NestedLock(By = "nesting")]
    public void AcquireRead(LockNesting nesting, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        AcquireReadObserved(nesting, Deadline.Never, file, line);

    /// <summary>Acquires for reading if no writer holds it or waits for it. Linux: <c>down_read_trylock</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it is held now.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it for reading already.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [TryAcquiresShared(true, "this")]
    [MustNotBlock]
    public bool TryAcquireRead([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ReadHolds holds = ReadHolds.Current;
        if (holds.Contains(_id))
        {
            throw HeldAlready("for reading ");
        }

        if (!TryJoin())
        {
            return false;
        }

        holds.Add(_id);
        RecordTry(LockMode.Shared, file, line);
        return true;
    }

    /// <summary>Acquires for reading, or gives up after a time.</summary>
    /// <param name="timeout">How long to wait; -1 ms for ever.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it is held now.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or too long.</exception>
    /// <exception cref="LockRecursionException">The calling thread holds it already, in either mode.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [TryAcquiresShared(true, "this")]
    public bool TryAcquireRead(TimeSpan timeout, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        AcquireReadObserved(default, Deadline.After(timeout), file, line);

    /// <summary>Releases a read hold. Linux: <c>up_read</c>.</summary>
    /// <exception cref="SynchronizationLockException">The calling thread does not hold it for reading; nothing has changed.</exception>
    [ReleasesShared("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ReleaseRead()
    {
        if (LockdepSwitch.Observes)
        {
            RecordRelease(LockMode.Shared);
        }

        if (!ReadHolds.Current.Remove(_id))
        {
            ThrowNotHeld(LockMode.Shared);
        }

        if (Interlocked.Add(ref _word, -OneReader) == Queued)
        {
            PassOn();
        }
    }

    /// <summary>Acquires for writing; blocks while anybody holds it. Linux: <c>down_write</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="LockRecursionException">The calling thread holds it already, in either mode.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [Acquires("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcquireWrite([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            AcquireWriteObserved(default, Deadline.Never, file, line);
        }
        else if (Interlocked.CompareExchange(ref _word, WriterWord, Free) != Free)
        {
            AcquireWriteContended(Deadline.Never);
        }
    }

    /// <summary>Acquires for writing while another lock of the class may be held. Linux: <c>down_write_nested</c>.</summary>
    /// <param name="nesting">Why that is right.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="LockRecursionException">The calling thread holds it already, in either mode.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [Acquires("this")]
    [NestedLock(By = "nesting")]
    public void AcquireWrite(LockNesting nesting, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        AcquireWriteObserved(nesting, Deadline.Never, file, line);

    /// <summary>Acquires for writing if nobody holds it. Linux: <c>down_write_trylock</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it is held now.</returns>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [TryAcquires(true, "this")]
    [MustNotBlock]
    public bool TryAcquireWrite([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!TryOvertake(WriterWord))
        {
            return false;
        }

        RecordTry(LockMode.Exclusive, file, line);
        return true;
    }

    /// <summary>Acquires for writing, or gives up after a time.</summary>
    /// <param name="timeout">How long to wait; -1 ms for ever.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it is held now.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or too long.</exception>
    /// <exception cref="LockRecursionException">The calling thread holds it already, in either mode.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [TryAcquires(true, "this")]
    public bool TryAcquireWrite(TimeSpan timeout, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        AcquireWriteObserved(default, Deadline.After(timeout), file, line);

    /// <summary>Releases the write hold. Linux: <c>up_write</c>.</summary>
    /// <exception cref="SynchronizationLockException">The calling thread does not hold it for writing; nothing has changed.</exception>
    [ReleasesExclusive("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ReleaseWrite()
    {
        if (LockdepSwitch.Observes)
        {
            RecordRelease(LockMode.Exclusive);
        }

        long mine = WriterWord;
        if (Interlocked.CompareExchange(ref _word, Free, mine) != mine)
        {
            ReleaseWriteContended();
        }
    }

    /// <summary>Turns the write hold into a read hold; no writer comes between, and waiting readers join. Linux: <c>downgrade_write</c>.</summary>
    /// <exception cref="SynchronizationLockException">The calling thread does not hold it for writing; nothing has changed.</exception>
    [ReleasesExclusive("this")]
    [AcquiresShared("this")]
    public void Downgrade()
    {
        if (!IsWriteHeldByCurrentThread)
        {
            throw NotHeld("for writing ");
        }

        if (Map is not null)
        {
            Lockdep.Downgrade(Map);
        }

        ReadHolds.Current.Add(_id);
        using (Gate.Enter(_queue))
        {
            Volatile.Write(ref _word, (Volatile.Read(ref _word) & Queued) | OneReader);
            LetReadersIn();
        }
    }

    /// <summary>Ends the use of the semaphore: later acquires throw. Disposing twice does nothing.</summary>
    /// <exception cref="SynchronizationLockException">Somebody holds it, or waits for it; it stays usable.</exception>
    public void Dispose()
    {
        long before = Interlocked.CompareExchange(ref _word, Disposed, Free);
        if (before != Free && before != Disposed)
        {
            throw InUse();
        }

        GC.SuppressFinalize(this);
    }
}
