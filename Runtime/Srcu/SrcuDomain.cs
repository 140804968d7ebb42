// Sleepable read-copy-update: readers that cost nearly nothing and may block, and updaters that wait for them.
using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Locking;

/// <summary>
/// A domain of sleepable read-copy-update. A read section may block and nest. What an updater unpublished before a grace period, no reader has
/// any more after it: <see cref="Synchronize(string, int)"/> waits for one, <see cref="Call(SrcuCallback)"/> runs something after one. Readers of one
/// domain hold up the updaters of that domain only. Linux: <c>struct srcu_struct</c>.
/// </summary>
/// <remarks>
/// <para>
/// Each thread has a slot of its own per domain. Entering the outermost section stores the number of the latest grace period in it, leaving
/// stores 0: plain stores to a line that no other thread writes. The store and the reads after it are not ordered by the reader but by the
/// updater, who makes every processor pass a full fence (<see cref="Interlocked.MemoryBarrierProcessWide"/>). Either the store came before
/// that fence, and the updater sees it and waits; or it came after, and then so did the reads, which find what the updater published.
/// Numbers grow for ever, so one pass suffices where an index that flips needs two. The scheme of user-space RCU's membarrier flavour.
/// </para>
/// <para>
/// A stream of new readers cannot hold up an updater: sections entered after a grace period began carry its number and are not waited for. An
/// updater that has to wait long sleeps, and the readers it waits for wake it.
/// </para>
/// <para>
/// Safe for any thread; a section belongs to the thread that entered it. Entering allocates nothing but, once per thread, the slot. Dispose a
/// domain that is no longer needed: until then the slots of threads keep it alive.
/// </para>
/// </remarks>
[Capability("srcu", Kind = CapabilityKind.ReadSection)]
public sealed partial class SrcuDomain : TrackedLock, IDisposable
{
    /// <summary>The number of the grace period before the first: readers carry it, and 0 means that there is no reader.</summary>
    internal const long FirstNumber = 1;

    /// <summary>The slot that the thread used last: mostly the one it wants.</summary>
    [ThreadStatic]
    private static ReaderSlot? t_last;

    [ThreadStatic]
    private static ReaderSlot?[]? t_slots;

    private PaddedNumber _begun = new() { Value = FirstNumber };
    private readonly int _index = SlotIndexes.Rent();
    private readonly GracePeriods _gracePeriods;
    private readonly CallbackQueue _callbacks;
    private bool _isDisposed;

    /// <summary>Makes a domain of the class of the member that is being initialised.</summary>
    /// <param name="member">The member; filled in by the compiler.</param>
    /// <param name="file">The file; filled in by the compiler.</param>
    /// <param name="line">The line; filled in by the compiler.</param>
    public SrcuDomain([CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : this(null, member, file, line)
    {
    }

    /// <summary>Makes a domain of a class.</summary>
    /// <param name="lockClass">The class.</param>
    public SrcuDomain(LockClass lockClass)
        : this(lockClass, "", "", 0)
    {
    }

    private SrcuDomain(LockClass? lockClass, string member, string file, int line)
        : base(lockClass, WaitType.Sleep, WaitType.Free, member, file, line)
    {
        _gracePeriods = new GracePeriods(this);
        _callbacks = new CallbackQueue(_gracePeriods);
    }

    /// <summary>The number of the grace period that began last.</summary>
    internal ref long Begun => ref _begun.Value;

    /// <summary>Whether the calling thread is inside a read section. Linux: <c>srcu_read_lock_held</c>, but exact.</summary>
    public bool IsReadHeldByCurrentThread => FindSlot() is { Depth: > 0 };

    /// <summary>How many callbacks have not run yet.</summary>
    public int PendingCallbacks => _callbacks.Pending;

    /// <summary>Enters a read section to the end of a scope.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The scope.</returns>
    /// <exception cref="ObjectDisposedException">The domain was disposed.</exception>
    [AcquiresShared("this")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadGuard EnterRead([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            Lockdep.Begin(Map!, LockMode.SharedRecursive, default, file, line);
        }

        ReaderSlot? slot = t_last;
        if (slot is null || slot.Domain != this)
        {
            slot = FindOrMakeSlot();
        }

        return new ReadGuard(slot, Enter(slot));
    }

    /// <summary>Enters a read section. Never waits. Linux: <c>srcu_read_lock</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>What <see cref="ReleaseRead"/> must be given: how many sections of the thread are open now.</returns>
    /// <exception cref="ObjectDisposedException">The domain was disposed.</exception>
    [AcquiresShared("this")]
    public int AcquireRead([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (LockdepSwitch.Observes)
        {
            Lockdep.Acquire(Map!, LockMode.SharedRecursive, default, AcquireKind.Blocking, file, line);
        }

        return Enter(FindOrMakeSlot());
    }

    /// <summary>Leaves a read section. Linux: <c>srcu_read_unlock</c>.</summary>
    /// <param name="section">What <see cref="AcquireRead"/> answered.</param>
    /// <exception cref="SynchronizationLockException">
    /// The innermost open section of the calling thread is another one, or there is none: left twice, in the wrong order, or by another thread.
    /// Nothing has changed.
    /// </exception>
    [ReleasesShared("this")]
    public void ReleaseRead(int section)
    {
        ReaderSlot? slot = FindSlot();
        if (slot is null || slot.Depth != section || section == 0)
        {
            throw NotInnermost();
        }

        if (LockdepSwitch.Observes)
        {
            Lockdep.Release(Map!);
        }

        Leave(slot, section);
    }

    /// <summary>Throws where the calling thread is in no read section. Linux: the check of <c>srcu_dereference</c>.</summary>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="SynchronizationLockException">It is in none.</exception>
    [AssertsHeldShared("this")]
    public void AssertReadHeld([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!IsReadHeldByCurrentThread)
        {
            throw AssertionFailed(LockdepReportKind.NotHeld, "should be in a read section here", file, line);
        }
    }

    /// <summary>Ends the use of the domain. Disposing twice does nothing. Linux: <c>cleanup_srcu_struct</c>.</summary>
    /// <exception cref="SynchronizationLockException">A section is open, or a callback has not run yet; the domain stays usable.</exception>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        if (_callbacks.Pending > 0 || !_gracePeriods.TryRetire())
        {
            throw InUse();
        }

        _isDisposed = true;
        SlotIndexes.Return(_index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Enter(ReaderSlot slot)
    {
        int depth = ++slot.Depth;
        if (depth == 1)
        {
            Volatile.Write(ref slot.Entered, Volatile.Read(ref _begun.Value));

            // Keeps the compiler from moving reads of the section above the store; the processor is kept by the updater's fence.
            Volatile.ReadBarrier();
        }

        return depth;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Leave(ReaderSlot slot, int depth)
    {
        // From the number at hand, not by decrementing: the next section need not wait for a load of what this one stores.
        slot.Depth = depth - 1;
        if (depth == 1)
        {
            Volatile.Write(ref slot.Entered, 0);

            // After the store in program order; the updater fences between setting the flag and looking at the store for the last time.
            if (Volatile.Read(ref slot.IsAwaited) != 0)
            {
                WakeUpdater(slot);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WakeUpdater(ReaderSlot slot) => slot.Domain!._gracePeriods.Wake(slot);

    /// <summary>The slot of the calling thread; null where it never read in this domain.</summary>
    private ReaderSlot? FindSlot()
    {
        ReaderSlot?[]? slots = t_slots;
        return slots is not null && (uint)_index < (uint)slots.Length && slots[_index] is { } slot && slot.Domain == this ? slot : null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReaderSlot FindOrMakeSlot() => t_last = FindSlot() ?? MakeSlot();

    private ReaderSlot MakeSlot()
    {
        if (_isDisposed)
        {
            if (Map is not null)
            {
                Lockdep.Abandon(Map);
            }

            throw Gone();
        }

        ReaderSlot?[] slots = t_slots ?? [];
        if (_index >= slots.Length)
        {
            Array.Resize(ref slots, Math.Max(_index + 1, slots.Length * 2));
            t_slots = slots;
        }

        var slot = new ReaderSlot(this);
        _gracePeriods.Add(slot);
        return slots[_index] = slot;
    }

    private SynchronizationLockException NotInnermost() =>
        new($"The read section of {Described} is not the innermost one of this thread: left twice, in the wrong order, or by another thread.");

    /// <summary>Leaves a read section at the end of a scope.</summary>
    [ScopedCapability]
    public readonly ref struct ReadGuard
    {
        private readonly ReaderSlot _slot;
        private readonly int _depth;

        internal ReadGuard(ReaderSlot slot, int depth)
        {
            _slot = slot;
            _depth = depth;
        }

        /// <summary>Leaves.</summary>
        /// <exception cref="SynchronizationLockException">Left before, or an inner section is still open.</exception>
        [ReleasesShared("this")]
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose()
        {
            ReaderSlot slot = _slot;
            if (slot is null || slot.Depth != _depth)
            {
                throw Misused(slot);
            }

            if (LockdepSwitch.Observes)
            {
                Lockdep.End(slot.Domain!.Map!);
            }

            Leave(slot, _depth);
        }

        private static SynchronizationLockException Misused(ReaderSlot? slot) => slot?.Domain?.NotInnermost() ?? GuardMisuse.DisposedTwice();
    }
}
