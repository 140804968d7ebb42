// A resource that is waited for like a lock, and is none.
using System.Runtime.CompilerServices;

namespace Locking;

/// <summary>
/// A resource that is waited for like a lock, and is none: an open invalidate window, memory reclaim, the exit of an mm, the drain of a
/// reference count. It never blocks; it only makes the order visible to the validator. Linux: <c>struct lockdep_map</c> with
/// <c>lock_map_acquire</c>.
/// </summary>
/// <remarks>Free of cost where validation is off. Safe for any thread.</remarks>
[Capability("virtual lock")]
public sealed class VirtualLock : TrackedLock
{
    /// <summary>Makes a virtual lock.</summary>
    /// <param name="lockClass">Its class.</param>
    /// <param name="inner">How much waiting is allowed inside.</param>
    /// <param name="outer">How much waiting entering it may need; as <paramref name="inner"/> where unchecked.</param>
    public VirtualLock(LockClass lockClass, WaitType inner = WaitType.Unchecked, WaitType outer = WaitType.Unchecked)
        : base(lockClass, inner, outer, "", "", 0)
    {
    }

    /// <summary>Enters exclusively. Linux: <c>lock_map_acquire</c>.</summary>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    [Acquires("this")]
    [MustNotBlock]
    public void Acquire([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            Lockdep.Acquire(Map!, LockMode.Exclusive, default, AcquireKind.Blocking, file, line);
        }
    }

    /// <summary>Enters exclusively, while another of the class may be entered.</summary>
    /// <param name="nesting">Why that is right.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    [Acquires("this")]
    [NestedLock(By = "nesting")]
    [MustNotBlock]
    public void Acquire(LockNesting nesting, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            Lockdep.Acquire(Map!, LockMode.Exclusive, nesting, AcquireKind.Blocking, file, line);
        }
    }

    /// <summary>Enters as one of many that never wait for each other. Linux: <c>lock_map_acquire_read</c>.</summary>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    [AcquiresShared("this")]
    [MustNotBlock]
    public void AcquireRead([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            Lockdep.Acquire(Map!, LockMode.SharedRecursive, default, AcquireKind.Blocking, file, line);
        }
    }

    /// <summary>Enters as one of many, while another of the class may be entered.</summary>
    /// <param name="nesting">Why that is right.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    [AcquiresShared("this")]
    [NestedLock(By = "nesting")]
    [MustNotBlock]
    public void AcquireRead(LockNesting nesting, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            Lockdep.Acquire(Map!, LockMode.SharedRecursive, nesting, AcquireKind.Blocking, file, line);
        }
    }

    /// <summary>Leaves. Reports where it was not entered.</summary>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    [Releases("this")]
    public void Release([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            Lockdep.Release(Map!, file, line);
        }
    }

    /// <summary>Enters exclusively to the end of a scope.</summary>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    /// <returns>The scope.</returns>
    [Acquires("this")]
    [MustNotBlock]
    public Guard Enter([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Acquire(file, line);
        return new Guard(this);
    }

    /// <summary>
    /// Waits for whoever is inside, or might: checked like an acquisition, holds nothing. The wait itself is the caller's. Linux: <c>lock_sync</c>,
    /// <c>might_lock</c>.
    /// </summary>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    [AcquiresInside("this")]
    [MustNotBlock]
    public void MightAcquire([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            Lockdep.MightAcquire(Map!, LockMode.Exclusive, AcquireKind.Blocking, file, line);
        }
    }

    /// <summary>Leaves a virtual lock at the end of a scope.</summary>
    [ScopedCapability]
    public ref struct Guard
    {
        private VirtualLock? _entered;

        internal Guard(VirtualLock entered) => _entered = entered;

        /// <summary>Leaves.</summary>
        /// <exception cref="System.Threading.SynchronizationLockException">Disposed before.</exception>
        [ReleasesExclusive("this")]
        public void Dispose()
        {
            VirtualLock entered = _entered ?? throw GuardMisuse.DisposedTwice();
            _entered = null;
            entered.Release();
        }
    }
}
