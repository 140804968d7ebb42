// The spin lock: one holder, waiters burn time, holders must not block.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

/// <summary>
/// A spin lock: one holder at a time, who must be the one to release it; waiters spin; not recursive; no queue. For a handful of instructions;
/// its holder must not block. Linux: <c>spinlock_t</c>.
/// </summary>
/// <remarks>
/// <para>
/// Own code and not <see cref="SpinLock"/>: as a struct that one is copied by accident, and with owner tracking, without which a recursive
/// acquire spins for ever, it is several times slower than one compare-exchange of the thread number.
/// </para>
/// <para>Waiters yield the processor when spinning takes long, since its holder may have been preempted. Not fair. Safe for any thread.</para>
/// </remarks>
[Capability("spin lock", Spins = true)]
public sealed class SpinMutex : TrackedLock, IDisposable
{
    private SpinWord _word;

    /// <summary>Makes a spin lock of the class of the member that is being initialised.</summary>
    /// <param name="member">The member; filled in by the compiler.</param>
    /// <param name="file">The file; filled in by the compiler.</param>
    /// <param name="line">The line; filled in by the compiler.</param>
    public SpinMutex([CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(null, WaitType.Spin, WaitType.Spin, member, file, line)
    {
    }

    /// <summary>Makes a spin lock of a class.</summary>
    /// <param name="lockClass">The class.</param>
    public SpinMutex(LockClass lockClass)
        : base(lockClass, WaitType.Spin, WaitType.Spin, "", "", 0)
    {
    }

    /// <summary>Whether the calling thread holds it.</summary>
    public bool IsHeldByCurrentThread => _word.IsMine;

    /// <summary>Acquires to the end of a scope.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The scope; disposing it releases.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it already.</exception>
    /// <exception cref="ObjectDisposedException">The lock was disposed.</exception>
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
    /// <exception cref="ObjectDisposedException">The lock was disposed.</exception>
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
    /// <exception cref="ObjectDisposedException">The lock was disposed.</exception>
    [TryAcquires(true, "this")]
    [MustNotBlock]
    public bool TryEnter(out Guard guard, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        bool acquired = TryAcquire(file, line);
        guard = acquired ? new Guard(this) : default;
        return acquired;
    }

    /// <summary>Acquires; spins while another thread holds it. Linux: <c>spin_lock</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="LockRecursionException">The calling thread holds it already.</exception>
    /// <exception cref="ObjectDisposedException">The lock was disposed.</exception>
    [Acquires("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Acquire([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            AcquireObserved(default, file, line);
        }
        else if (!_word.TryTake(ManagedThread.Id))
        {
            Spin();
        }
    }

    /// <summary>Acquires while another lock of the class may be held. Linux: <c>spin_lock_nested</c>, <c>spin_lock_nest_lock</c>.</summary>
    /// <param name="nesting">Why that is right.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="LockRecursionException">The calling thread holds it already.</exception>
    /// <exception cref="ObjectDisposedException">The lock was disposed.</exception>
    [Acquires("this")]
    [NestedLock(By = "nesting")]
    public void Acquire(LockNesting nesting, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        AcquireObserved(nesting, file, line);

    /// <summary>Acquires if it is free now. Linux: <c>spin_trylock</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it is held now.</returns>
    /// <exception cref="ObjectDisposedException">The lock was disposed.</exception>
    [TryAcquires(true, "this")]
    [MustNotBlock]
    public bool TryAcquire([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!_word.TryTake(ManagedThread.Id))
        {
            return _word.IsDisposed ? throw Gone() : false;
        }

        if (LockdepSwitch.Observes)
        {
            RecordTry(file, line);
        }

        return true;
    }

    /// <summary>Releases. Linux: <c>spin_unlock</c>.</summary>
    /// <exception cref="SynchronizationLockException">The calling thread does not hold it; nothing has changed.</exception>
    [ReleasesExclusive("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release()
    {
        int id = LockdepSwitch.Observes ? Lockdep.End(Map!) : ManagedThread.Id;
        if (!_word.TryGive(id))
        {
            throw NotHeld("");
        }
    }

    /// <summary>Throws where the calling thread does not hold it. Linux: <c>lockdep_assert_held</c>; works with validation off too.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="SynchronizationLockException">The calling thread does not hold it.</exception>
    [AssertsHeld("this")]
    public void AssertHeld([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!_word.IsMine)
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
        if (_word.IsMine)
        {
            throw AssertionFailed(LockdepReportKind.HeldUnexpectedly, "must not be held here", file, line);
        }
    }

    /// <summary>Ends the use of the lock: later acquires throw. Disposing twice does nothing.</summary>
    /// <exception cref="SynchronizationLockException">Somebody holds it; it stays usable.</exception>
    public void Dispose()
    {
        if (!_word.TryDispose())
        {
            throw InUse();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AcquireObserved(in LockNesting nesting, string file, int line)
    {
        int id = Map is null ? ManagedThread.Id : Lockdep.Begin(Map, LockMode.Exclusive, nesting, file, line);
        if (!_word.TryTake(id))
        {
            Spin();
        }
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
                _word.TryGive(ManagedThread.Id);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Spin()
    {
        if (_word.IsMine)
        {
            Forget();
            throw HeldAlready("");
        }

        long since = LockMetrics.Contended(Map);
        while (!_word.SpinAndTake())
        {
            if (_word.IsDisposed)
            {
                Forget();
                throw Gone();
            }
        }

        LockMetrics.Waited(Map, since);
    }

    /// <summary>Releases a spin lock at the end of a scope.</summary>
    [ScopedCapability]
    public ref struct Guard
    {
        private SpinMutex? _held;

        internal Guard(SpinMutex held) => _held = held;

        /// <summary>Releases.</summary>
        /// <exception cref="SynchronizationLockException">Disposed before, or by another thread than the one that acquired.</exception>
        [ReleasesExclusive("this")]
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose()
        {
            SpinMutex held = _held ?? throw GuardMisuse.DisposedTwice();
            _held = null;
            held.Release();
        }
    }
}
