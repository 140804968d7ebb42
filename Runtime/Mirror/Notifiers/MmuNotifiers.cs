// The notifiers of an address space: registering, and telling them.
using System;
using System.Collections.Generic;
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// The notifiers of an address space: those of the whole, and intervals. Linux: <c>struct mmu_notifier_subscriptions</c>. Safe for any thread.
/// </summary>
public sealed partial class MmuNotifiers
{
    private static readonly LockClass s_listClass = LockClass.Named("notifier_list");

    private readonly AddressSpace _mm;
    [LockClass("notifier_list")]
    private readonly SpinMutex _lock = new(s_listClass);

    /// <summary>Replaced as a whole, so that windows go through it in a read section.</summary>
    [ContentsGuardedBy(nameof(_lock), "Locking.Mirror.Machine.NotifierSrcu")]
    private readonly SrcuProtected<MmuNotifier[]> _list = new(Machine.NotifierSrcu, []);

    internal MmuNotifiers(AddressSpace mm) => _mm = mm;

    /// <summary>Those of the whole space, good until the end of the section.</summary>
    [RequiresShared("Locking.Mirror.Machine.NotifierSrcu")]
    private MmuNotifier[] Registered
    {
        [NoThreadSafetyAnalysis("The domain of the list is that one.")]
        get => _list.Read()!;
    }

    /// <summary>Registers a notifier: every window that starts after this returns reaches it. Takes the semaphore itself. Linux: <c>mmu_notifier_register</c>.</summary>
    /// <param name="notifier">The notifier.</param>
    /// <param name="mm">The address space.</param>
    /// <returns>Ok or NoMemory.</returns>
    /// <exception cref="ArgumentNullException">The notifier or the address space is null.</exception>
    /// <exception cref="InvalidOperationException">It was registered before, this is a callback, or the thread has a window open.</exception>
    [Excludes("mm.MmapSem")]
    [RequiresShared("mm.Users")]
    [MayBlock]
    public static NotifierResult Register(MmuNotifier notifier, AddressSpace mm)
    {
        ArgumentNullException.ThrowIfNull(notifier);
        ArgumentNullException.ThrowIfNull(mm);
        RefuseInCallbackOrWindow("a notifier is registered");
        using (mm.MmapSem.EnterWrite())
        {
            return RegisterLocked(notifier, mm);
        }
    }

    /// <summary>The same with the semaphore held. Linux: <c>__mmu_notifier_register</c>.</summary>
    /// <param name="notifier">The notifier.</param>
    /// <param name="mm">The address space.</param>
    /// <returns>Ok or NoMemory.</returns>
    /// <exception cref="ArgumentNullException">The notifier or the address space is null.</exception>
    /// <exception cref="InvalidOperationException">It was registered before, this is a callback, or the thread has a window open.</exception>
    [Requires("mm.MmapSem")]
    [RequiresShared("mm.Users")]
    [MayBlock]
    public static NotifierResult RegisterLocked(MmuNotifier notifier, AddressSpace mm)
    {
        ArgumentNullException.ThrowIfNull(notifier);
        ArgumentNullException.ThrowIfNull(mm);
        RefuseInCallbackOrWindow("a notifier is registered");
        mm.MmapSem.AssertHeldWrite();
        mm.Users.AssertOwned();
        if (SchedulePoint.Fails("notifier"))
        {
            return NotifierResult.NoMemory;
        }

        notifier.Register(mm);
        mm.Grabs.Grab();
        mm.Grabs.Disown();
        mm.Notifiers.Link(notifier);
        return NotifierResult.Ok;
    }

    /// <summary>
    /// Unregisters, and waits: when it returns, no callback runs or will run, and the release callback has been called, by this or by the exit.
    /// Not from a callback, nor under a lock that one takes. Linux: <c>mmu_notifier_unregister</c>.
    /// </summary>
    /// <param name="notifier">The notifier.</param>
    /// <exception cref="ArgumentNullException">The notifier is null.</exception>
    /// <exception cref="InvalidOperationException">It is not registered, or this is a callback.</exception>
    [Fence("callbacks")]
    [AwaitsGracePeriod("Locking.Mirror.Machine.NotifierSrcu")]
    [MayBlock]
    public void Unregister(MmuNotifier notifier)
    {
        ArgumentNullException.ThrowIfNull(notifier);
        RefuseInCallback("a notifier is unregistered");
        VirtualLocks.InvalidateWindow.MightAcquire();
        notifier.Unregister();
        using (Machine.NotifierSrcu.EnterRead())
        {
            // The exit may be calling it now; one of the two does, and both wait below.
            CallRelease(notifier);
        }

        Unlink(notifier);
        Machine.NotifierSrcu.Synchronize();
        MirrorProtocol.Expect(Volatile.Read(ref notifier.CallbackDepth) == 0, "INV-10: a callback runs after its notifier was unregistered");
        _mm.Grabs.DropUnowned();
    }

    /// <summary>
    /// Unregisters without waiting: callbacks may still be running, and release is not called. What contains the notifier may go after a grace
    /// period: <see cref="SrcuDomain.Call(SrcuCallback)"/> of <see cref="Machine.NotifierSrcu"/>. Drops a grab: pin the address space if it is
    /// used further (R24). Linux: <c>mmu_notifier_unregister_no_release</c>, until 5.3.
    /// </summary>
    /// <param name="notifier">The notifier.</param>
    /// <exception cref="ArgumentNullException">The notifier is null.</exception>
    /// <exception cref="InvalidOperationException">It is not registered.</exception>
    [Fence("callbacks", Waits = false)]
    public void UnregisterNoRelease(MmuNotifier notifier)
    {
        ArgumentNullException.ThrowIfNull(notifier);
        notifier.Unregister();
        Unlink(notifier);
        _mm.Grabs.DropUnowned();
    }

    /// <summary>The registered notifier of a type, one more use; made and registered where there is none. Takes the semaphore itself. Linux: <c>mmu_notifier_get</c>.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="mm">The address space.</param>
    /// <param name="make">Makes one; null where there is no memory.</param>
    /// <returns>The notifier; null where there is no memory or no more uses can be counted.</returns>
    /// <exception cref="ArgumentNullException">The address space or the function is null.</exception>
    /// <exception cref="InvalidOperationException">This is a callback, or the thread has a window open.</exception>
    [Excludes("mm.MmapSem")]
    [RequiresShared("mm.Users")]
    [MayBlock]
    public static T? Get<T>(AddressSpace mm, Func<T?> make)
        where T : MmuNotifier
    {
        ArgumentNullException.ThrowIfNull(mm);
        RefuseInCallbackOrWindow("a notifier is registered");
        using (mm.MmapSem.EnterWrite())
        {
            return GetLocked(mm, make);
        }
    }

    /// <summary>The same with the semaphore held. Linux: <c>mmu_notifier_get_locked</c>.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="mm">The address space.</param>
    /// <param name="make">Makes one; null where there is no memory.</param>
    /// <returns>The notifier; null where there is no memory or no more uses can be counted.</returns>
    /// <exception cref="ArgumentNullException">The address space or the function is null.</exception>
    [Requires("mm.MmapSem")]
    [RequiresShared("mm.Users")]
    [MayBlock]
    public static T? GetLocked<T>(AddressSpace mm, Func<T?> make)
        where T : MmuNotifier
    {
        ArgumentNullException.ThrowIfNull(mm);
        ArgumentNullException.ThrowIfNull(make);
        mm.MmapSem.AssertHeldWrite();
        using (mm.Notifiers._lock.Enter())
        {
            if (Array.Find(mm.Notifiers._list.ReadAsUpdater()!, notifier => notifier.GetType() == typeof(T)) is T found)
            {
                return found.TryUse() ? found : null;
            }
        }

        return make() is { } made && RegisterLocked(made, mm) == NotifierResult.Ok ? made : null;
    }

    /// <summary>One use less; the last unlinks it, and frees it after a grace period. Linux: <c>mmu_notifier_put</c>.</summary>
    /// <param name="notifier">What <see cref="GetLocked"/> answered.</param>
    /// <exception cref="ArgumentNullException">The notifier is null.</exception>
    /// <exception cref="InvalidOperationException">It has no use left: it was put too often, or is not registered.</exception>
    [Fence("callbacks", Waits = false)]
    public void Put(MmuNotifier notifier)
    {
        ArgumentNullException.ThrowIfNull(notifier);
        using (_lock.Enter())
        {
            if (notifier.Unuse() > 0)
            {
                return;
            }

            // In the same section: who looks for one must not find what is about to go (R15).
            _list.Publish(Without(notifier));
        }

        SchedulePoint.Reach("R15.last-use");
        notifier.Unregister();
        GracePeriodState unlinked = Machine.NotifierSrcu.GetState();
        Machine.NotifierSrcu.Call(() =>
        {
            MirrorProtocol.Expect(Machine.NotifierSrcu.Poll(unlinked), "INV-11: a notifier is freed before a grace period has passed since it was unlinked");
            MirrorProtocol.Expect(Volatile.Read(ref notifier.CallbackDepth) == 0, "INV-11: a notifier is freed while a callback of it runs");
            try
            {
                notifier.OnFree();
            }
            finally
            {
                _mm.Grabs.DropUnowned();
            }
        });
    }

    /// <summary>Waits until everything that puts left to be freed is freed: before the code goes. Linux: <c>mmu_notifier_synchronize</c>.</summary>
    [Fence("callbacks")]
    [MayBlock]
    public static void SynchronizeAll() => Machine.NotifierSrcu.Barrier();

    /// <summary>Starts a window. After Ok, and only then, <see cref="End"/> must follow. Linux: <c>mmu_notifier_invalidate_range_start</c>.</summary>
    /// <param name="range">The window.</param>
    /// <returns>Ok; Again only where the window is not blockable: nothing may be changed.</returns>
    public NotifierResult Start(in InvalidateRange range)
    {
        if (!range.IsBlockable)
        {
            return TryStart(range);
        }

        Lockdep.MightBlock("An invalidate window");
        EnterWindow();
        return StartEntered(range);
    }

    /// <summary>Starts a window that must not block.</summary>
    /// <param name="range">The window.</param>
    /// <returns>Ok or Again, as above.</returns>
    [MustNotBlock]
    [NoThreadSafetyAnalysis("The callbacks are told that they must not block, and validation holds them to it.")]
    internal NotifierResult TryStart(in InvalidateRange range) => TryEnterWindow() ? StartEntered(range) : NotifierResult.Again;

    /// <summary>Where a report throws (<see cref="ThrowingSink"/>) the window has not started, as where a notifier refuses it.</summary>
    private NotifierResult StartEntered(in InvalidateRange range)
    {
        bool isStarted = false;
        using (VirtualLocks.InvalidateWindow.Enter())
        {
            try
            {
                isStarted = StartIntervals(range) && StartList(range);
                return isStarted ? NotifierResult.Ok : NotifierResult.Again;
            }
            finally
            {
                if (!isStarted)
                {
                    EndIntervals();
                    LeaveWindow();
                }
                else if (Lockdep.IsActive)
                {
                    NoteStarted(range.Range);
                }
            }
        }
    }

    /// <summary>Ends a window that started. Linux: <c>mmu_notifier_invalidate_range_end</c>.</summary>
    /// <param name="range">The window.</param>
    public void End(in InvalidateRange range)
    {
        NoteEnding(range.Range);
        using (VirtualLocks.InvalidateWindow.Enter())
        {
            EndIntervals();
            try
            {
                using (Machine.NotifierSrcu.EnterRead())
                {
                    foreach (MmuNotifier notifier in Registered)
                    {
                        CallEnd(notifier, range);
                    }
                }
            }
            finally
            {
                LeaveWindow();
            }
        }
    }

    /// <summary>The exit: intervals hear of one window over everything, the others of their release; then nobody is told any more.</summary>
    [AwaitsGracePeriod("Locking.Mirror.Machine.NotifierSrcu")]
    [MayBlock]
    internal void Release()
    {
        var all = new InvalidateRange(_mm, AddressRange.All, InvalidateEvent.Release);
        StartIntervals(all);
        EndIntervals();
        using (Machine.NotifierSrcu.EnterRead())
        {
            foreach (MmuNotifier notifier in Registered)
            {
                CallRelease(notifier);
            }
        }

        using (_lock.Enter())
        {
            _list.Publish([]);
        }

        // An unregister may be in a callback of its own call: pages go only after it.
        Machine.NotifierSrcu.Synchronize();
    }

    [NoThreadSafetyAnalysis("Nobody else has it any more.")]
    internal void Destroy() =>
        MirrorProtocol.Expect(_list.ReadAsUpdater()!.Length == 0 && IntervalCount == 0, "The structure of an address space is freed while notifiers are registered");

    /// <summary>All are called even after one refused; then those that started, and only those, are told the end.</summary>
    /// <returns>Whether none refused.</returns>
    [Requires("Locking.VirtualLocks.InvalidateWindow")]
    private bool StartList(in InvalidateRange range)
    {
        using (Machine.NotifierSrcu.EnterRead())
        {
            MmuNotifier[] list = Registered;
            List<MmuNotifier>? refused = null;
            int called = 0;
            try
            {
                foreach (MmuNotifier notifier in list)
                {
                    if (CallStart(notifier, range) != NotifierResult.Ok)
                    {
                        (refused ??= []).Add(notifier);
                    }

                    called++;
                }
            }
            finally
            {
                for (int i = 0; i < called && (refused is not null || called < list.Length); i++)
                {
                    if (refused?.Contains(list[i]) != true)
                    {
                        CallEnd(list[i], range);
                    }
                }
            }

            return refused is null;
        }
    }

    private void Link(MmuNotifier notifier)
    {
        ExcludeWindows();
        try
        {
            using (_lock.Enter())
            {
                _list.Publish([notifier, .. _list.ReadAsUpdater()!]);
            }
        }
        finally
        {
            AdmitWindows();
        }
    }

    [AcquiresInside(nameof(_lock))]
    private void Unlink(MmuNotifier notifier)
    {
        using (_lock.Enter())
        {
            _list.Publish(Without(notifier));
        }
    }

    [Requires(nameof(_lock))]
    private MmuNotifier[] Without(MmuNotifier notifier) => Array.FindAll(_list.ReadAsUpdater()!, other => other != notifier);
}
