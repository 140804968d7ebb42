// The sequence count: readers that never block nor write, and find out afterwards whether a writer came between.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

/// <summary>
/// A sequence count: the writer, whom something else keeps alone, makes it odd while it writes; a reader copies what it needs and then asks
/// whether the number changed. Readers write nothing shared and never block the writer. Linux: <c>seqcount_t</c>.
/// </summary>
/// <remarks>
/// What a reader copies may be torn or mixed until <see cref="ReadRetry"/> said false: copy values, follow no references. Safe for any number
/// of readers and one writer at a time.
/// </remarks>
/// <example><c>do { start = count.ReadBegin(); x = _x; y = _y; } while (count.ReadRetry(start));</c></example>
[Capability("sequence count")]
[DeclaresCapability("Snapshot", CapabilityKind.Token)]
public sealed class SeqCount : TrackedLock
{
    private readonly TrackedLock? _writerLock;
    private int _writer;
    private uint _sequence;

    /// <summary>Makes a count of the class of the member that is being initialised.</summary>
    /// <param name="writerLock">The lock that keeps writers apart, if it is one lock: checked at each write. Linux: <c>seqcount_mutex_t</c> and its like.</param>
    /// <param name="member">The member; filled in by the compiler.</param>
    /// <param name="file">The file; filled in by the compiler.</param>
    /// <param name="line">The line; filled in by the compiler.</param>
    public SeqCount(TrackedLock? writerLock = null, [CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(null, WaitType.Spin, WaitType.Free, member, file, line) =>
        _writerLock = writerLock;

    /// <summary>Makes a count of a class.</summary>
    /// <param name="lockClass">The class.</param>
    /// <param name="writerLock">The lock that keeps writers apart, if it is one lock.</param>
    public SeqCount(LockClass lockClass, TrackedLock? writerLock = null)
        : base(lockClass, WaitType.Spin, WaitType.Free, "", "", 0) =>
        _writerLock = writerLock;

    /// <summary>The number: odd while a writer writes.</summary>
    public uint Sequence => Volatile.Read(ref _sequence);

    /// <summary>Begins to write: readers that overlap from here on will retry. Linux: <c>write_seqcount_begin</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="SynchronizationLockException">Another write is under way: writers are not kept apart.</exception>
    [Acquires("this")]
    public void BeginWrite([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            RecordWrite(file, line);
        }

        if ((_sequence & 1) != 0)
        {
            Forget();
            throw new SynchronizationLockException($"{Described} has a writer already; something else must keep writers apart.");
        }

        _writer = ManagedThread.Id;
        _sequence++;

        // The odd number must be visible before anything that is written under it.
        Volatile.WriteBarrier();
    }

    /// <summary>Ends to write. Linux: <c>write_seqcount_end</c>.</summary>
    /// <exception cref="SynchronizationLockException">The calling thread is not writing.</exception>
    [ReleasesExclusive("this")]
    public void EndWrite()
    {
        if (_writer != ManagedThread.Id)
        {
            throw NotHeld("for writing ");
        }

        if (LockdepSwitch.Observes)
        {
            Lockdep.Release(Map!);
        }

        _writer = 0;
        Volatile.Write(ref _sequence, _sequence + 1);
    }

    /// <summary>Writes to the end of a scope.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The scope.</returns>
    /// <exception cref="SynchronizationLockException">Another write is under way.</exception>
    [Acquires("this")]
    public WriteGuard EnterWrite([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        BeginWrite(file, line);
        return new WriteGuard(this);
    }

    /// <summary>Begins to read; spins while a writer writes. Linux: <c>read_seqcount_begin</c>.</summary>
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

    /// <summary>Whether what was read since is worthless, because a writer came between. Linux: <c>read_seqcount_retry</c>.</summary>
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

    private void RecordWrite(string file, int line)
    {
        if (_writerLock?.Map is { } writerLock)
        {
            Lockdep.AssertHeld(writerLock, file, line);
        }

        Lockdep.Acquire(Map!, LockMode.Exclusive, default, AcquireKind.Blocking, file, line);
    }

    private uint AwaitEven()
    {
        if (_writer == ManagedThread.Id)
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

    /// <summary>Ends a write at the end of a scope.</summary>
    [ScopedCapability]
    public ref struct WriteGuard
    {
        private SeqCount? _held;

        internal WriteGuard(SeqCount held) => _held = held;

        /// <summary>Ends the write.</summary>
        /// <exception cref="SynchronizationLockException">Disposed before, or by another thread.</exception>
        [ReleasesExclusive("this")]
        public void Dispose()
        {
            SeqCount held = _held ?? throw GuardMisuse.DisposedTwice();
            _held = null;
            held.EndWrite();
        }
    }
}
