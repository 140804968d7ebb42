// Memory that a device brings: its frames, its life, its driver's callbacks.
using System;
using System.Collections.Generic;
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// Memory that a device brings, as frames of the machine. A driver derives from it. Life: live, killed (no new use), drained (every page
/// free), gone; in this order and never back (R76). Linux: <c>struct dev_pagemap</c> and its ops.
/// </summary>
/// <remarks>Safe for any thread.</remarks>
[DeclaresCapability("Use", CapabilityKind.Reference)]
public abstract class DeviceMemory
{
    private readonly SpinMutex _lock = new(LockClass.Named("device_memory"));
    private readonly object _drained = new();
    private readonly Page[] _pages;

    [GuardedBy(nameof(_lock))]
    private readonly Queue<Page> _free;

    private int _references = 1;
    private int _isKilled;

    /// <summary>Adds memory to the machine. Linux: <c>memremap_pages</c>.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="pages">How much.</param>
    /// <param name="owner">Who may snapshot and migrate it: compared by reference.</param>
    /// <exception cref="ArgumentNullException">The machine or the owner is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none, or there are no pages.</exception>
    protected DeviceMemory(Machine machine, DeviceMemoryKind kind, BasePages pages, object owner)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pages.Value);
        if (kind is not (DeviceMemoryKind.Private or DeviceMemoryKind.Coherent))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Device memory is private or coherent.");
        }

        (Machine, Kind, Owner) = (machine, kind, owner);
        _pages = machine.Memory.ReserveDevice(this, pages);
        _free = new Queue<Page>(_pages);
    }

    /// <summary>The machine.</summary>
    public Machine Machine { get; }

    /// <summary>The kind.</summary>
    public DeviceMemoryKind Kind { get; }

    /// <summary>Who may snapshot and migrate it.</summary>
    public object Owner { get; }

    /// <summary>Whether no new use can begin.</summary>
    public bool IsKilled => Volatile.Read(ref _isKilled) != 0;

    /// <summary>How many pages are in use.</summary>
    public int InUse => Volatile.Read(ref _references) - (IsKilled ? 0 : 1);

    /// <summary>Its pages.</summary>
    public IReadOnlyList<Page> Pages => _pages;

    /// <summary>A page with one reference, locked; null where none is free or the memory was killed. Linux: <c>zone_device_page_init</c>.</summary>
    /// <returns>The page.</returns>
    public Page? AllocateLocked()
    {
        if (SchedulePoint.Fails("device page") || !TryGet())
        {
            return null;
        }

        Page? page;
        using (_lock.Enter())
        {
            _free.TryDequeue(out page);
        }

        if (page is null)
        {
            Put();
            return null;
        }

        Begin(page);
        return page.TryLock() ? page : throw MirrorProtocol.Misuse($"Free device frame {page.Frame:x} is locked");
    }

    /// <summary>The use goes to the page, which gives it back when it is free.</summary>
    [ReleasesShared("Use")]
    [NoThreadSafetyAnalysis("The page has it from here on.")]
    private void Begin(Page page) => page.Begin(node: 0);

    /// <summary>Keeps the memory from being killed and drained. Linux: <c>get_dev_pagemap</c>.</summary>
    /// <returns>False where it was killed.</returns>
    [TryAcquires(true, "Use")]
    [NoThreadSafetyAnalysis("Counts.")]
    public bool TryGet()
    {
        int count = Volatile.Read(ref _references);
        while (count > 0 && !IsKilled)
        {
            int seen = Interlocked.CompareExchange(ref _references, count + 1, count);
            if (seen == count)
            {
                return true;
            }

            count = seen;
        }

        return false;
    }

    /// <summary>Gives back what <see cref="TryGet"/> or an allocated page holds. Linux: <c>put_dev_pagemap</c>.</summary>
    [Releases("Use")]
    [NoThreadSafetyAnalysis("Counts.")]
    public void Put() => CountDown();

    private void CountDown()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            lock (_drained)
            {
                Monitor.PulseAll(_drained);
            }
        }
    }

    /// <summary>
    /// Ends the life: no new use, then waits until every page is free. The driver evicts the pages before, else this waits for ever. Not under a
    /// lock that somebody takes while it owns a page (R82). Linux: <c>memunmap_pages</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was ended before.</exception>
    [MayBlock]
    public void KillAndDrain()
    {
        VirtualLocks.ReferenceDrain.MightAcquire();
        if (Interlocked.Exchange(ref _isKilled, 1) != 0)
        {
            throw MirrorProtocol.Misuse("Device memory is ended twice");
        }

        CountDown();
        lock (_drained)
        {
            while (Volatile.Read(ref _references) > 0)
            {
                Monitor.Wait(_drained);
            }
        }
    }

    /// <summary>A page lost its last reference; nobody else knows it any more. Linux: <c>dev_pagemap_ops.page_free</c>.</summary>
    /// <param name="page">The page.</param>
    [MustNotBlock]
    protected internal abstract void OnPageFree(Page page);

    /// <summary>
    /// The processor touched a private page: the driver must migrate at least that one back. The caller holds the mmap semaphore for reading.
    /// Linux: <c>dev_pagemap_ops.migrate_to_ram</c>.
    /// </summary>
    /// <param name="fault">Where, and the page, on which the caller holds a reference.</param>
    /// <returns>Ok, or why it cannot be had.</returns>
    [MayBlock]
    protected internal abstract MmResult MigrateToRam(in DeviceFault fault);

    /// <summary>A driver that throws has not migrated: the access fails, and what it had isolated is where it was.</summary>
    [MayBlock]
    internal MmResult CallMigrateToRam(in DeviceFault fault)
    {
        VmaMigration? outer = VmaMigration.UnderWay;
        try
        {
            return MigrateToRam(fault);
        }
        catch (Exception e) when (e is not LockdepException)
        {
            VmaMigration.Abandon(outer);
            MirrorProtocol.CallbackThrew("MigrateToRam", e);
            return MmResult.Fault;
        }
    }

    /// <summary>Inside windows, which go on, and the page is free all the same.</summary>
    [MustNotBlock]
    private void CallPageFree(Page page)
    {
        try
        {
            OnPageFree(page);
        }
        catch (Exception e) when (e is not LockdepException)
        {
            MirrorProtocol.CallbackThrew("OnPageFree", e);
        }
    }

    [Releases("Use")]
    internal void Free(Page page)
    {
        MirrorProtocol.Expect(Volatile.Read(ref _references) > 0, $"INV-25: device frame {page.Frame:x} is freed after its memory is gone");
        CallPageFree(page);
        page.DriverData = null;
        if (page.IsLocked)
        {
            page.Unlock();
        }

        using (_lock.Enter())
        {
            _free.Enqueue(page);
        }

        Put();
    }
}

/// <summary>A processor's access to a private device page. Linux: the part of <c>struct vm_fault</c> that drivers use.</summary>
/// <param name="Mm">The address space.</param>
/// <param name="Address">The address, that of the page.</param>
/// <param name="Page">The page.</param>
public readonly record struct DeviceFault(AddressSpace Mm, Address Address, Page Page);
