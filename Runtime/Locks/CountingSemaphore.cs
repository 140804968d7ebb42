// The semaphore: a number of permits, released by anybody.
using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Locking;

/// <summary>A semaphore: up to a number of holders at a time; anybody may release. Linux: <c>struct semaphore</c>.</summary>
/// <remarks>
/// <para>
/// A shell around <see cref="SemaphoreSlim"/>, which is right as it is. Where one holder is meant, <see cref="AsyncMutex"/> and
/// <see cref="MutexLock"/> know more about their holder.
/// </para>
/// <para>
/// The validator checks the order in which it is acquired, as for any wait, and records no hold: permits have no owner, so nobody could be
/// blamed. The maximum is the initial count, so that one release too many is noticed as soon as all permits are back. Safe for any thread.
/// </para>
/// </remarks>
[Capability("semaphore", Reentrant = true, ThreadAffine = false)]
public sealed class CountingSemaphore : TrackedLock, IDisposable
{
    private readonly SemaphoreSlim _permits;
    private readonly int _maximum;

    /// <summary>Makes a semaphore of the class of the member that is being initialised.</summary>
    /// <param name="permits">How many may hold it at a time.</param>
    /// <param name="member">The member; filled in by the compiler.</param>
    /// <param name="file">The file; filled in by the compiler.</param>
    /// <param name="line">The line; filled in by the compiler.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one.</exception>
    public CountingSemaphore(int permits, [CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(null, WaitType.Async, WaitType.Sleep, member, file, line)
    {
        _permits = new SemaphoreSlim(permits, permits);
        _maximum = permits;
    }

    /// <summary>Makes a semaphore of a class.</summary>
    /// <param name="permits">How many may hold it at a time.</param>
    /// <param name="lockClass">The class.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one.</exception>
    public CountingSemaphore(int permits, LockClass lockClass)
        : base(lockClass, WaitType.Async, WaitType.Sleep, "", "", 0)
    {
        _permits = new SemaphoreSlim(permits, permits);
        _maximum = permits;
    }

    /// <summary>How many permits are free. A hint: it may have changed already.</summary>
    public int Available => _permits.CurrentCount;

    /// <summary>Acquires a permit; blocks while none is free. Linux: <c>down</c>.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="OperationCanceledException">Cancelled; no permit was acquired.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [Acquires("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Acquire(CancellationToken cancellation = default, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            Lockdep.MightAcquire(Map!, LockMode.Exclusive, AcquireKind.Blocking, file, line);
        }

        _permits.Wait(cancellation);
    }

    /// <summary>Acquires a permit if one is free now. Linux: <c>down_trylock</c>, with the opposite result.</summary>
    /// <returns>Whether a permit is held now.</returns>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [TryAcquires(true, "this")]
    [MustNotBlock]
    public bool TryAcquire() => _permits.Wait(0);

    /// <summary>Acquires a permit, or gives up after a time. Linux: <c>down_timeout</c>.</summary>
    /// <param name="timeout">How long to wait; -1 ms for ever.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether a permit is held now.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or too long.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [TryAcquires(true, "this")]
    public bool TryAcquire(TimeSpan timeout, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            Lockdep.MightAcquire(Map!, LockMode.Exclusive, AcquireKind.Blocking, file, line);
        }

        return _permits.Wait(timeout);
    }

    /// <summary>Acquires a permit without blocking a thread.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>A task that ends when the permit is held.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; no permit was acquired.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [Acquires("this")]
    public Task AcquireAsync(CancellationToken cancellation = default, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            Lockdep.MightAcquire(Map!, LockMode.Exclusive, AcquireKind.Await, file, line);
        }

        return _permits.WaitAsync(cancellation);
    }

    /// <summary>Releases a permit. Linux: <c>up</c>.</summary>
    /// <exception cref="SemaphoreFullException">No permit is held by anybody; nothing has changed.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [Releases("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release() => _permits.Release();

    /// <summary>Acquires a permit to the end of a scope.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The scope; disposing it releases.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; no permit was acquired.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [Acquires("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Guard Enter(CancellationToken cancellation = default, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Acquire(cancellation, file, line);
        return new Guard(this);
    }

    /// <summary>Ends the use of the semaphore: later acquires throw. Disposing twice does nothing.</summary>
    /// <exception cref="SynchronizationLockException">A permit is held; it stays usable. An acquire at the same moment may slip through.</exception>
    public void Dispose()
    {
        if (_permits.CurrentCount != _maximum)
        {
            throw InUse();
        }

        _permits.Dispose();
    }

    /// <summary>Releases a permit at the end of a scope.</summary>
    [ScopedCapability]
    public ref struct Guard
    {
        private CountingSemaphore? _held;

        internal Guard(CountingSemaphore held) => _held = held;

        /// <summary>Releases.</summary>
        /// <exception cref="SynchronizationLockException">Disposed before.</exception>
        [Releases("this")]
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose()
        {
            CountingSemaphore held = _held ?? throw GuardMisuse.DisposedTwice();
            _held = null;
            held.Release();
        }
    }
}
