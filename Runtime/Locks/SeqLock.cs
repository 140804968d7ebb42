// The sequence lock: a sequence count and the spin lock that keeps its writers apart.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

/// <summary>
/// A sequence lock: writers exclude each other by spinning; readers never block them, write nothing shared, and read again where a writer came
/// between. Linux: <c>seqlock_t</c>.
/// </summary>
/// <remarks>
/// What a reader copies may be torn or mixed until <see cref="ReadRetry"/> said false: copy values, follow no references. Safe for any thread.
/// </remarks>
/// <example><c>do { start = seq.ReadBegin(); x = _x; y = _y; } while (seq.ReadRetry(start));</c></example>
[Capability("sequence lock", Spins = true)]
[DeclaresCapability("Snapshot", CapabilityKind.Token)]
public sealed class SeqLock : TrackedLock
{
    private SpinWord _word;
    private uint _sequence;

    /// <summary>Makes a sequence lock of the class of the member that is being initialised.</summary>
    /// <param name="member">The member; filled in by the compiler.</param>
    /// <param name="file">The file; filled in by the compiler.</param>
    /// <param name="line">The line; filled in by the compiler.</param>
    public SeqLock([CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(null, WaitType.Spin, WaitType.Spin, member, file, line)
    {
    }

    /// <summary>Makes a sequence lock of a class.</summary>
    /// <param name="lockClass">The class.</param>
    public SeqLock(LockClass lockClass)
        : base(lockClass, WaitType.Spin, WaitType.Spin, "", "", 0)
    {
    }

    /// <summary>The number: odd while a writer writes.</summary>
    public uint Sequence => Volatile.Read(ref _sequence);

    /// <summary>Acquires for writing. Linux: <c>write_seqlock</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="LockRecursionException">The calling thread holds it already.</exception>
    [Acquires("this")]
    public void AcquireWrite([CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => AcquireWrite(default, file, line);

    /// <summary>Acquires for writing while another lock of the class may be held.</summary>
    /// <param name="nesting">Why that is right.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="LockRecursionException">The calling thread holds it already.</exception>
    [Acquires("this")]
    [NestedLock(By = "nesting")]
    public void AcquireWrite(LockNesting nesting, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            Lockdep.Acquire(Map!, LockMode.Exclusive, nesting, AcquireKind.Blocking, file, line);
        }

        if (!_word.TryTake(ManagedThread.Id))
        {
            Spin();
        }

        BeginSequence();
    }

    /// <summary>Acquires for writing if no writer is there. Linux: <c>write_tryseqlock</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>Whether it is held now.</returns>
    [TryAcquires(true, "this")]
    [MustNotBlock]
    public bool TryAcquireWrite([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!_word.TryTake(ManagedThread.Id))
        {
            return false;
        }

        BeginSequence();
        if (LockdepSwitch.Observes)
        {
            RecordTry(file, line);
        }

        return true;
    }

    /// <summary>Releases. Linux: <c>write_sequnlock</c>.</summary>
    /// <exception cref="SynchronizationLockException">The calling thread does not hold it; nothing has changed.</exception>
    [ReleasesExclusive("this")]
    public void ReleaseWrite()
    {
        if (LockdepSwitch.Observes)
        {
            Lockdep.Release(Map!);
        }

        if (!_word.IsMine)
        {
            throw NotHeld("for writing ");
        }

        EndSequence();
    }

    /// <summary>Acquires for writing to the end of a scope.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The scope.</returns>
    /// <exception cref="LockRecursionException">The calling thread holds it already.</exception>
    [Acquires("this")]
    public WriteGuard EnterWrite([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        AcquireWrite(default, file, line);
        return new WriteGuard(this);
    }

    /// <summary>Begins to read; spins while a writer writes. Linux: <c>read_seqbegin</c>.</summary>
    /// <returns>What <see cref="ReadRetry"/> must be given.</returns>
    /// <exception cref="LockRecursionException">The calling thread is writing, and would wait for itself.</exception>
    public uint ReadBegin()
    {
        if (LockdepSwitch.Validates)
        {
            Lockdep.MightAcquire(Map!, LockMode.SharedRecursive);
        }

        uint sequence = Volatile.Read(ref _sequence);
        return (sequence & 1) == 0 ? sequence : AwaitEven();
    }

    /// <summary>Whether what was read since is worthless, because a writer came between. Linux: <c>read_seqretry</c>.</summary>
    /// <param name="start">What <see cref="ReadBegin"/> answered.</param>
    /// <returns>True: read again. False: what was read is a consistent snapshot.</returns>
    [TryAcquires(false, "Snapshot")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadRetry(uint start)
    {
        // What was read must be read before the number is read again.
        Volatile.ReadBarrier();
        return Volatile.Read(ref _sequence) != start;
    }

    private void BeginSequence()
    {
        _sequence++;

        // The odd number must be visible before anything that is written under it.
        Volatile.WriteBarrier();
    }

    private void EndSequence()
    {
        Volatile.Write(ref _sequence, _sequence + 1);
        _word.TryGive(ManagedThread.Id);
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
                EndSequence();
            }
        }
    }

    private void Spin()
    {
        if (_word.IsMine)
        {
            Forget();
            throw HeldAlready("for writing ");
        }

        long since = LockMetrics.Contended(Map);
        while (!_word.SpinAndTake())
        {
        }

        LockMetrics.Waited(Map, since);
    }

    private uint AwaitEven()
    {
        if (_word.IsMine)
        {
            throw HeldAlready("for writing ");
        }

        var spin = default(SpinWait);
        uint sequence;
        while (((sequence = Volatile.Read(ref _sequence)) & 1) != 0)
        {
            spin.SpinOnce();
        }

        return sequence;
    }

    /// <summary>Releases a sequence lock at the end of a scope.</summary>
    [ScopedCapability]
    public ref struct WriteGuard
    {
        private SeqLock? _held;

        internal WriteGuard(SeqLock held) => _held = held;

        /// <summary>Releases.</summary>
        /// <exception cref="SynchronizationLockException">Disposed before, or by another thread than the one that acquired.</exception>
        [ReleasesExclusive("this")]
        public void Dispose()
        {
            SeqLock held = _held ?? throw GuardMisuse.DisposedTwice();
            _held = null;
            held.ReleaseWrite();
        }
    }
}
