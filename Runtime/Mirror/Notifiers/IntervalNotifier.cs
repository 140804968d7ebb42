// A notifier of a range, with the sequence that tells whether what was read of the range is still true.
using System;
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// Is told of the windows over a range, and tells a reader of that range whether one came between. A driver derives from it. Linux:
/// <c>struct mmu_interval_notifier</c>.
/// </summary>
/// <remarks>
/// <code>
/// again: sequence = ReadBegin()       no lock held
///        fault, snapshot              semaphore for reading
///        lock the driver lock
///        if ReadRetry(sequence)       unlock, again
///        install on the device        what was read is true until the unlock
///        unlock
/// </code>
/// The callback takes the same driver lock and sets the sequence under it, whatever the window is about (R81).
/// </remarks>
[DeclaresCapability("Current", CapabilityKind.Token)]
public abstract class IntervalNotifier
{
    private const int New = 0;
    private const int Inserted = 1;
    private const int Removed = 2;

    private int _state;

    /// <summary>Makes a notifier that is not inserted.</summary>
    /// <param name="driverLock">The lock under which the driver installs translations and takes them away.</param>
    /// <exception cref="ArgumentNullException">The lock is null.</exception>
    protected IntervalNotifier(MutexLock driverLock)
    {
        DriverLock = driverLock ?? throw new ArgumentNullException(nameof(driverLock));
        Node = new IntervalNode<IntervalNotifier>(this);
    }

    /// <summary>The lock under which the driver installs translations and takes them away.</summary>
    public MutexLock DriverLock { get; }

    /// <summary>The address space; null before inserting.</summary>
    public AddressSpace? Mm { get; private set; }

    /// <summary>The addresses it hears of.</summary>
    public AddressRange Range { get; private set; }

    internal IntervalNode<IntervalNotifier> Node { get; }

    /// <summary>Of the last window over it, or that might have been. Written under the driver lock, read without.</summary>
    internal ulong Sequence;

    internal int CallbackDepth;

    /// <summary>Begins to be told. It may be in force only when <see cref="ReadBegin"/> returns. Linux: <c>mmu_interval_notifier_insert</c>.</summary>
    /// <param name="mm">The address space.</param>
    /// <param name="range">The addresses.</param>
    /// <returns>Ok; Overflow for an empty range or one that wraps; Exited; NoMemory.</returns>
    /// <exception cref="ArgumentNullException">The address space is null.</exception>
    /// <exception cref="InvalidOperationException">It was inserted before.</exception>
    [RequiresShared("mm.Users")]
    public NotifierResult Insert(AddressSpace mm, AddressRange range)
    {
        ArgumentNullException.ThrowIfNull(mm);
        if (!range.IsValid)
        {
            return NotifierResult.Overflow;
        }

        if (mm.Users.Count == 0)
        {
            return NotifierResult.Exited;
        }

        if (SchedulePoint.Fails("notifier"))
        {
            return NotifierResult.NoMemory;
        }

        if (Interlocked.CompareExchange(ref _state, Inserted, New) != New)
        {
            throw MirrorProtocol.Misuse("R28: an interval is inserted twice");
        }

        (Mm, Range) = (mm, range);
        Node.Set(range);
        mm.Notifiers.Insert(this);
        return NotifierResult.Ok;
    }

    /// <summary>
    /// Ends being told, and waits: when it returns, no callback runs or will run. Not from a callback, nor under a lock that one takes. Linux:
    /// <c>mmu_interval_notifier_remove</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not inserted, this is a callback, or the thread has a window open.</exception>
    [Fence("callbacks")]
    [Excludes(nameof(DriverLock))]
    [MayBlock]
    public void Remove()
    {
        MmuNotifiers.RefuseInCallbackOrWindow("an interval is removed");
        DriverLock.AssertNotHeld();
        VirtualLocks.InvalidateWindow.MightAcquire();
        if (Interlocked.CompareExchange(ref _state, Removed, Inserted) != Inserted)
        {
            throw MirrorProtocol.Misuse("R28: an interval is removed twice, or was never inserted");
        }

        Mm!.Notifiers.Remove(this);
    }

    /// <summary>Begins to read the range; sleeps while a window over it is open. Linux: <c>mmu_interval_read_begin</c>.</summary>
    /// <returns>What <see cref="ReadRetry"/> must be given.</returns>
    /// <exception cref="InvalidOperationException">It is not inserted, this is a callback, or the thread has a window open.</exception>
    [Excludes(nameof(DriverLock))]
    [MayBlock]
    public ReadSequence ReadBegin()
    {
        CheckInserted();
        MmuNotifiers.RefuseInCallbackOrWindow("an interval is read");
        DriverLock.AssertNotHeld();
        VirtualLocks.InvalidateWindow.MightAcquire();
        return new ReadSequence(Mm!.Notifiers.ReadBegin(this));
    }

    /// <summary>Whether a window came since: true is reliable, false is a hint. Linux: <c>mmu_interval_check_retry</c>.</summary>
    /// <param name="sequence">What <see cref="ReadBegin"/> answered.</param>
    /// <returns>Whether to start over.</returns>
    public bool CheckRetry(ReadSequence sequence) => Volatile.Read(ref Sequence) != sequence.Value || Volatile.Read(ref _state) != Inserted;

    /// <summary>
    /// Whether a window came since; where not, what was read is true until the driver lock is released. Once for each
    /// <see cref="ReadBegin"/>. Linux: <c>mmu_interval_read_retry</c>.
    /// </summary>
    /// <param name="sequence">What <see cref="ReadBegin"/> answered.</param>
    /// <returns>Whether to start over.</returns>
    /// <exception cref="InvalidOperationException">It is not inserted: it hears of no window, so nothing is known to be true.</exception>
    [Requires(nameof(DriverLock))]
    [TryAcquires(false, "Current", Until = nameof(DriverLock))]
    [MustNotBlock]
    [NoThreadSafetyAnalysis("Decides what the token means.")]
    public bool ReadRetry(ReadSequence sequence)
    {
        DriverLock.AssertHeld();
        CheckInserted();
        return Sequence != sequence.Value;
    }

    /// <summary>
    /// A window over the range opens: take the driver lock, set the sequence, take the overlap from the device, release the lock.
    /// </summary>
    /// <param name="range">The window; it may exceed the range of this notifier.</param>
    /// <param name="sequence">What <see cref="SetSequence"/> must be given, whatever the window is about.</param>
    /// <returns>True; false only where the window is not blockable and this would block. Then nothing has changed.</returns>
    protected internal abstract bool OnInvalidate(in InvalidateRange range, ulong sequence);

    /// <summary>Tells readers of a window. Linux: <c>mmu_interval_set_seq</c>.</summary>
    /// <param name="sequence">What the callback was given.</param>
    [Requires(nameof(DriverLock))]
    [MustNotBlock]
    protected void SetSequence(ulong sequence)
    {
        DriverLock.AssertHeld();
        MirrorProtocol.Expect((sequence & 1) == 1 && sequence >= Sequence, "INV-05: a sequence is even or goes back");
        Volatile.Write(ref Sequence, sequence);
    }

    /// <summary>After a callback that threw: whoever reads the range starts over.</summary>
    [NoThreadSafetyAnalysis("A callback that throws may leave its lock held.")]
    internal void Collide(ulong sequence)
    {
        if (DriverLock.IsHeldByCurrentThread)
        {
            SetSequence(sequence);
            return;
        }

        using (DriverLock.Enter())
        {
            SetSequence(sequence);
        }
    }

    private void CheckInserted()
    {
        if (Volatile.Read(ref _state) != Inserted)
        {
            throw MirrorProtocol.Misuse("R29: an interval is used that is not inserted");
        }
    }
}

/// <summary>Which state of a range was read. Linux: <c>hmm_range.notifier_seq</c>.</summary>
/// <param name="Value">The number.</param>
public readonly record struct ReadSequence(ulong Value);
