// The mutex: one holder, blocking, not recursive.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

/// <summary>A mutex: one holder at a time, who must be the one to release it; waiters block; not recursive. Linux: <c>struct mutex</c>.</summary>
/// <remarks>
/// <para>
/// Own code and not a shell around <see cref="Lock"/>, because that one is re-entrant and does not tell: a second acquire by the holder, a
/// self-deadlock by intent, would have to be counted beside it, with a second word on the way in and out. Here holder and waiters are one word.
/// </para>
/// <para>A thread that comes running may overtake a parked one, for at most about a millisecond; then the lock is handed over.</para>
/// <para>Safe for any thread. The guard allocates nothing.</para>
/// </remarks>
[Capability("mutex")]
public partial class MutexLock : TrackedLock, IDisposable
{
    // The word:
    //   31        30                                   0
    //   +--------+--------------------------------------+
    //   | queued | the holder's thread number, 0 if free |
    //   +--------+--------------------------------------+
    // "Queued" is set while the queue is not empty, and only under the lock of the queue.
    private const int Free = 0;
    private const int Queued = int.MinValue;
    private const int Holder = int.MaxValue;

    /// <summary>The holder of a mutex that was disposed: no thread has this number.</summary>
    private const int Disposed = int.MaxValue;

    private readonly WaitQueue _queue = new();
    private int _word;

    /// <summary>Makes a mutex of the class of the member that is being initialised.</summary>
    /// <param name="member">The member; filled in by the compiler.</param>
    /// <param name="file">The file; filled in by the compiler.</param>
    /// <param name="line">The line; filled in by the compiler.</param>
    public MutexLock([CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(null, WaitType.Sleep, WaitType.Sleep, member, file, line)
    {
    }

    /// <summary>Makes a mutex of a class.</summary>
    /// <param name="lockClass">The class.</param>
    public MutexLock(LockClass lockClass)
        : base(lockClass, WaitType.Sleep, WaitType.Sleep, "", "", 0)
    {
    }

    /// <summary>Whether the calling thread holds it.</summary>
    public bool IsHeldByCurrentThread => (Volatile.Read(ref _word) & Holder) == ManagedThread.Id;

    /// <summary>Acquires to the end of a scope.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The scope; disposing it releases.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it already.</exception>
    /// <exception cref="ObjectDisposedException">The mutex was disposed.</exception>
    [Acquires("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Guard Enter([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Acquire(file, line);
        return new Guard(this);
    }

    /// <summary>Acquires to the end of a scope, while another lock of the class may be held.</summary>
    /// <param name="nesting">Why that is right.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The scope; disposing it releases.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it already.</exception>
    /// <exception cref="ObjectDisposedException">The mutex was disposed.</exception>
    [Acquires("this")]
    [NestedLock(By = "nesting")]
    public Guard Enter(LockNesting nesting, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Acquire(nesting, file, line);
        return new Guard(this);
    }

    /// <summary>Acquires to the end of a scope if it is free now.</summary>
    /// <param name="guard">The scope; holds nothing where the answer is false, and must then not be disposed.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it is held now.</returns>
    /// <exception cref="ObjectDisposedException">The mutex was disposed.</exception>
    [TryAcquires(true, "this")]
    public bool TryEnter(out Guard guard, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        bool acquired = TryAcquire(file, line);
        guard = acquired ? new Guard(this) : default;
        return acquired;
    }

    /// <summary>Acquires; blocks while another thread holds it. Linux: <c>mutex_lock</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="LockRecursionException">The calling thread holds it already.</exception>
    /// <exception cref="ObjectDisposedException">The mutex was disposed.</exception>
    [Acquires("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Acquire([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            AcquireObserved(default, Deadline.Never, file, line);
        }
        else if (Interlocked.CompareExchange(ref _word, ManagedThread.Id, Free) != Free)
        {
            AcquireContended(Deadline.Never);
        }
    }

    /// <summary>Acquires while another lock of the class may be held. Linux: <c>mutex_lock_nested</c>, <c>mutex_lock_nest_lock</c>.</summary>
    /// <param name="nesting">Why that is right.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="LockRecursionException">The calling thread holds it already.</exception>
    /// <exception cref="ObjectDisposedException">The mutex was disposed.</exception>
    [Acquires("this")]
    [NestedLock(By = "nesting")]
    public void Acquire(LockNesting nesting, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        AcquireObserved(nesting, Deadline.Never, file, line);

    /// <summary>Acquires if it is free now. Linux: <c>mutex_trylock</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it is held now.</returns>
    /// <exception cref="ObjectDisposedException">The mutex was disposed.</exception>
    [TryAcquires(true, "this")]
    [MustNotBlock]
    public bool TryAcquire([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (Interlocked.CompareExchange(ref _word, ManagedThread.Id, Free) != Free && !TryOvertake(ManagedThread.Id))
        {
            return false;
        }

        if (LockdepSwitch.Observes)
        {
            RecordTry(file, line);
        }

        return true;
    }

    /// <summary>Acquires, or gives up after a time.</summary>
    /// <param name="timeout">How long to wait; -1 ms for ever.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it is held now.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or too long.</exception>
    /// <exception cref="LockRecursionException">The calling thread holds it already.</exception>
    /// <exception cref="ObjectDisposedException">The mutex was disposed.</exception>
    [TryAcquires(true, "this")]
    public bool TryAcquire(TimeSpan timeout, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        AcquireObserved(default, Deadline.After(timeout), file, line);

    /// <summary>Releases. Linux: <c>mutex_unlock</c>.</summary>
    /// <exception cref="SynchronizationLockException">The calling thread does not hold it; nothing has changed.</exception>
    [ReleasesExclusive("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release()
    {
        int id = LockdepSwitch.Observes ? Lockdep.End(Map!) : ManagedThread.Id;
        if (Interlocked.CompareExchange(ref _word, Free, id) != id)
        {
            ReleaseContended();
        }
    }

    /// <summary>Throws where the calling thread does not hold it. Linux: <c>lockdep_assert_held</c>; works with validation off too.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="SynchronizationLockException">The calling thread does not hold it.</exception>
    [AssertsHeld("this")]
    public void AssertHeld([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!IsHeldByCurrentThread)
        {
            throw AssertionFailed(LockdepReportKind.NotHeld, "should be held here", file, line);
        }
    }

    /// <summary>Throws where the calling thread holds it. Linux: <c>lockdep_assert_not_held</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="SynchronizationLockException">The calling thread holds it.</exception>
    [Excludes("this")]
    public void AssertNotHeld([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (IsHeldByCurrentThread)
        {
            throw AssertionFailed(LockdepReportKind.HeldUnexpectedly, "must not be held here", file, line);
        }
    }

    /// <summary>Ends the use of the mutex: later acquires throw. Disposing twice does nothing.</summary>
    /// <exception cref="SynchronizationLockException">Somebody holds it, or waits for it; it stays usable.</exception>
    public void Dispose()
    {
        int before = Interlocked.CompareExchange(ref _word, Disposed, Free);
        if (before != Free && before != Disposed)
        {
            throw InUse();
        }

        GC.SuppressFinalize(this);
    }
}
