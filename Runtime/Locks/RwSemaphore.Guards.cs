// The scoped guards of the reader/writer semaphore, and its assertions.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

public partial class RwSemaphore
{
    /// <summary>Acquires for reading to the end of a scope.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The scope; disposing it releases.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it already, in either mode.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [AcquiresShared("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadGuard EnterRead([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        AcquireRead(file, line);
        return new ReadGuard(this);
    }

    /// <summary>Acquires for reading to the end of a scope, while another lock of the class may be held.</summary>
    /// <param name="nesting">Why that is right.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The scope; disposing it releases.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it already, in either mode.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [AcquiresShared("this")]
    [NestedLock(By = "nesting")]
    public ReadGuard EnterRead(LockNesting nesting, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        AcquireRead(nesting, file, line);
        return new ReadGuard(this);
    }

    /// <summary>Acquires for reading to the end of a scope, if no writer holds it or waits for it.</summary>
    /// <param name="guard">The scope; holds nothing where the answer is false, and must then not be disposed.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it is held now.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it for reading already.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [TryAcquiresShared(true, "this")]
    public bool TryEnterRead(out ReadGuard guard, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        bool acquired = TryAcquireRead(file, line);
        guard = acquired ? new ReadGuard(this) : default;
        return acquired;
    }

    /// <summary>Acquires for writing to the end of a scope.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The scope; disposing it releases.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it already, in either mode.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [Acquires("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WriteGuard EnterWrite([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        AcquireWrite(file, line);
        return new WriteGuard(this);
    }

    /// <summary>Acquires for writing to the end of a scope, while another lock of the class may be held.</summary>
    /// <param name="nesting">Why that is right.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The scope; disposing it releases.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it already, in either mode.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [Acquires("this")]
    [NestedLock(By = "nesting")]
    public WriteGuard EnterWrite(LockNesting nesting, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        AcquireWrite(nesting, file, line);
        return new WriteGuard(this);
    }

    /// <summary>Acquires for writing to the end of a scope, if nobody holds it.</summary>
    /// <param name="guard">The scope; holds nothing where the answer is false, and must then not be disposed.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it is held now.</returns>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    [TryAcquires(true, "this")]
    public bool TryEnterWrite(out WriteGuard guard, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        bool acquired = TryAcquireWrite(file, line);
        guard = acquired ? new WriteGuard(this) : default;
        return acquired;
    }

    /// <summary>Throws where the calling thread holds it in no mode. Linux: <c>lockdep_assert_held</c>; works with validation off too.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="SynchronizationLockException">The calling thread does not hold it.</exception>
    [AssertsHeldShared("this")]
    public void AssertHeld([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!IsWriteHeldByCurrentThread && !IsReadHeldByCurrentThread)
        {
            throw AssertionFailed(LockdepReportKind.NotHeld, "should be held here", file, line);
        }
    }

    /// <summary>Throws where the calling thread does not hold it for writing. Linux: <c>lockdep_assert_held_write</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="SynchronizationLockException">The calling thread does not hold it for writing.</exception>
    [AssertsHeld("this")]
    public void AssertHeldWrite([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!IsWriteHeldByCurrentThread)
        {
            throw AssertionFailed(LockdepReportKind.NotHeld, "should be held for writing here", file, line);
        }
    }

    /// <summary>Throws where the calling thread holds it in any mode. Linux: <c>lockdep_assert_not_held</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="SynchronizationLockException">The calling thread holds it.</exception>
    [Excludes("this")]
    public void AssertNotHeld([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (IsWriteHeldByCurrentThread || IsReadHeldByCurrentThread)
        {
            throw AssertionFailed(LockdepReportKind.HeldUnexpectedly, "must not be held here", file, line);
        }
    }

    /// <summary>Releases a read hold at the end of a scope.</summary>
    [ScopedCapability]
    public ref struct ReadGuard
    {
        private RwSemaphore? _held;

        internal ReadGuard(RwSemaphore held) => _held = held;

        /// <summary>Releases.</summary>
        /// <exception cref="SynchronizationLockException">Disposed before, or by another thread than the one that acquired.</exception>
        [ReleasesShared("this")]
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose()
        {
            RwSemaphore held = _held ?? throw GuardMisuse.DisposedTwice();
            _held = null;
            held.ReleaseRead();
        }
    }

    /// <summary>Releases the write hold at the end of a scope.</summary>
    [ScopedCapability]
    public ref struct WriteGuard
    {
        private RwSemaphore? _held;

        internal WriteGuard(RwSemaphore held) => _held = held;

        /// <summary>Releases.</summary>
        /// <exception cref="SynchronizationLockException">Disposed before, or by another thread than the one that acquired.</exception>
        [ReleasesExclusive("this")]
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose()
        {
            RwSemaphore held = _held ?? throw GuardMisuse.DisposedTwice();
            _held = null;
            held.ReleaseWrite();
        }
    }
}
