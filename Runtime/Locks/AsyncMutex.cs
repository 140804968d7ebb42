// The mutex that is awaited: one holder, who may be a flow that moves between threads.
using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Locking;

/// <summary>
/// A mutex for flows: one holder at a time, acquired by awaiting or by blocking, held across awaits, released from whatever thread the holder
/// is on. Waiters are served first come first served, by handing over. Not recursive.
/// </summary>
/// <remarks>
/// <para>
/// Own code and not a <see cref="SemaphoreSlim"/> of one: that one has no holder, so that a second release, or the release of somebody else's
/// hold, quietly lets two in. Here each hold has a number, and only the guard with that number can release it.
/// </para>
/// <para>
/// The validator records the hold of an <c>Enter</c>, and within <see cref="Lockdep.BeginFlow"/> that of an <c>EnterAsync</c>;
/// elsewhere an <c>EnterAsync</c> is checked, and its hold is not recorded, because nobody can tell where the flow goes. So a flow that
/// awaits the mutex which it holds is reported in a flow of the validator; without one it waits until its token is cancelled.
/// </para>
/// <para>Safe for any thread. An acquire that finds the mutex free allocates nothing.</para>
/// </remarks>
[Capability("async mutex", ThreadAffine = false)]
public sealed partial class AsyncMutex : TrackedLock, IDisposable
{
    // The word. "Queued" only together with "held": a mutex with waiters is handed over, never free.
    private const int Free = 0;
    private const int Held = 1;
    private const int Queued = 2;
    private const int Disposed = 4;

    private readonly AsyncWaitQueue _queue = new();
    private int _word;

    /// <summary>The number of the current hold; changed when it begins and when it ends, so that no guard of an earlier hold fits.</summary>
    private long _ticket;

    /// <summary>The thread that holds it by <see cref="Enter(string, int)"/>, 0 otherwise; written by the holder.</summary>
    private int _thread;

    /// <summary>Makes a mutex of the class of the member that is being initialised.</summary>
    /// <param name="member">The member; filled in by the compiler.</param>
    /// <param name="file">The file; filled in by the compiler.</param>
    /// <param name="line">The line; filled in by the compiler.</param>
    public AsyncMutex([CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(null, WaitType.Async, WaitType.Sleep, member, file, line)
    {
    }

    /// <summary>Makes a mutex of a class.</summary>
    /// <param name="lockClass">The class.</param>
    public AsyncMutex(LockClass lockClass)
        : base(lockClass, WaitType.Async, WaitType.Sleep, "", "", 0)
    {
    }

    /// <summary>Whether anybody holds it. A hint: it may have changed already.</summary>
    public bool IsHeld => (Volatile.Read(ref _word) & Held) != 0;

    /// <summary>Acquires without blocking the thread; the guard releases.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The guard, once the mutex is held.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the mutex is not held.</exception>
    /// <exception cref="ObjectDisposedException">The mutex was disposed.</exception>
    [Acquires("this")]
    public ValueTask<Guard> EnterAsync(CancellationToken cancellation = default, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        AcquireAsync(default, cancellation, file, line);

    /// <summary>Acquires without blocking the thread, while another lock of the class may be held; the guard releases.</summary>
    /// <param name="nesting">Why that is right.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The guard, once the mutex is held.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the mutex is not held.</exception>
    /// <exception cref="ObjectDisposedException">The mutex was disposed.</exception>
    [Acquires("this")]
    [NestedLock(By = "nesting")]
    public ValueTask<Guard> EnterAsync(
        LockNesting nesting,
        CancellationToken cancellation = default,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0) => AcquireAsync(nesting, cancellation, file, line);

    /// <summary>Acquires; blocks the thread while it is held. The guard is bound to the thread.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The guard.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it by <see cref="Enter(string, int)"/> already.</exception>
    /// <exception cref="ObjectDisposedException">The mutex was disposed.</exception>
    [Acquires("this")]
    public ThreadGuard Enter([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        TryEnter(Deadline.Never, default, file, line);
        return new ThreadGuard(this, _ticket);
    }

    /// <summary>Acquires while another lock of the class may be held; blocks the thread. The guard is bound to the thread.</summary>
    /// <param name="nesting">Why that is right.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The guard.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it by <see cref="Enter(string, int)"/> already.</exception>
    /// <exception cref="ObjectDisposedException">The mutex was disposed.</exception>
    [Acquires("this")]
    [NestedLock(By = "nesting")]
    public ThreadGuard Enter(LockNesting nesting, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        TryEnter(Deadline.Never, nesting, file, line);
        return new ThreadGuard(this, _ticket);
    }

    /// <summary>Acquires if it is free now. The guard is bound to the thread.</summary>
    /// <param name="guard">The guard; holds nothing where the answer is false, and must then not be disposed.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it is held now.</returns>
    /// <exception cref="ObjectDisposedException">The mutex was disposed.</exception>
    [TryAcquires(true, "this")]
    [MustNotBlock]
    public bool TryEnter(out ThreadGuard guard, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        guard = default;
        if (Interlocked.CompareExchange(ref _word, Held, Free) != Free)
        {
            return _word == Disposed ? throw Gone() : false;
        }

        long ticket = Own(ManagedThread.Id);
        if (LockdepSwitch.Observes)
        {
            RecordTry(ticket, file, line);
        }

        guard = new ThreadGuard(this, ticket);
        return true;
    }

    /// <summary>Acquires, or gives up after a time. The guard is bound to the thread.</summary>
    /// <param name="timeout">How long to wait; -1 ms for ever.</param>
    /// <param name="guard">The guard; holds nothing where the answer is false, and must then not be disposed.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it is held now.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or too long.</exception>
    /// <exception cref="LockRecursionException">The calling thread holds it by <see cref="Enter(string, int)"/> already.</exception>
    /// <exception cref="ObjectDisposedException">The mutex was disposed.</exception>
    [TryAcquires(true, "this")]
    public bool TryEnter(TimeSpan timeout, out ThreadGuard guard, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        bool acquired = TryEnter(Deadline.After(timeout), default, file, line);
        guard = acquired ? new ThreadGuard(this, _ticket) : default;
        return acquired;
    }

    /// <summary>Ends the use of the mutex: later acquires throw. Disposing twice does nothing.</summary>
    /// <exception cref="SynchronizationLockException">Somebody holds it; it stays usable.</exception>
    public void Dispose()
    {
        int before = Interlocked.CompareExchange(ref _word, Disposed, Free);
        if (before != Free && before != Disposed)
        {
            throw InUse();
        }
    }

    /// <summary>The hold of a flow; may be released from any thread, and held across awaits. Copies are one hold.</summary>
    [ScopedCapability]
    public readonly struct Guard : IDisposable
    {
        private readonly AsyncMutex? _held;
        private readonly long _ticket;

        internal Guard(AsyncMutex held, long ticket)
        {
            _held = held;
            _ticket = ticket;
        }

        /// <summary>Releases.</summary>
        /// <exception cref="SynchronizationLockException">This hold, or a copy of it, was released before; nothing has changed.</exception>
        [ReleasesExclusive("this")]
        public void Dispose() => (_held ?? throw GuardMisuse.DisposedTwice()).Release(_ticket);
    }

    /// <summary>The hold of a thread.</summary>
    [ScopedCapability]
    public readonly ref struct ThreadGuard
    {
        private readonly AsyncMutex? _held;
        private readonly long _ticket;

        internal ThreadGuard(AsyncMutex held, long ticket)
        {
            _held = held;
            _ticket = ticket;
        }

        /// <summary>Releases.</summary>
        /// <exception cref="SynchronizationLockException">This hold was released before; nothing has changed.</exception>
        [ReleasesExclusive("this")]
        public void Dispose() => (_held ?? throw GuardMisuse.DisposedTwice()).Release(_ticket);
    }
}
