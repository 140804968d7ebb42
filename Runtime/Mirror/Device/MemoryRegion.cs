// A memory region of a device.
using System;
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// A memory region: memory of a process that a device accesses by key and address. Explicit regions cover a range; implicit ones everything, in
/// leaves of one gibibyte that come with faults and go when they are empty. Linux: <c>struct mlx5_ib_mr</c>.
/// </summary>
public sealed partial class MemoryRegion
{
    /// <summary>At most this much, aligned so, is faulted at a time, so that a large fault shares the mutex.</summary>
    private static readonly PageShift s_atOnce = new(24);

    /// <summary>
    /// Pages that are there already come in larger parts: a page takes a nanosecond, and threads that map disjoint parts meet at the semaphore and
    /// at the counts of users only once for each part.
    /// </summary>
    private static readonly PageShift s_residentAtOnce = new(26);

    private readonly PageShift _shift;
    private readonly object _unused = new();
    private PerMm? _perMm;
    private RegionMemory? _memory;
    private int _state;
    private int _uses;
    private long _faults, _prefetches, _invalidations;

    internal MemoryRegion(UserContext context, AddressRange addresses, OdpAccess access, PageShift shift)
        : this(context, access)
    {
        (Addresses, _shift, IsImplicit) = (addresses, shift, false);
    }

    internal MemoryRegion(UserContext context, OdpAccess access)
    {
        (Context, Access, Addresses, IsImplicit) = (context, access | OdpAccess.Read, AddressRange.All, true);
        _shift = context.Mm.BaseShift;
    }

    private enum State
    {
        New,
        Live,
        Draining,
        Zapped,
        Freed,
    }

    /// <summary>What others name it by.</summary>
    public uint Key { get; internal set; }

    /// <summary>The addresses that may be accessed.</summary>
    public AddressRange Addresses { get; }

    /// <summary>What the device may do.</summary>
    public OdpAccess Access { get; }

    /// <summary>Whether it covers all memory.</summary>
    public bool IsImplicit { get; private init; }

    /// <summary>How many pages were faulted in for it.</summary>
    public long FaultedPages => Volatile.Read(ref _faults);

    /// <summary>How many pages were prefetched.</summary>
    public long PrefetchedPages => Volatile.Read(ref _prefetches);

    /// <summary>How many mapped pages windows took away.</summary>
    public long InvalidatedPages => Volatile.Read(ref _invalidations);

    internal UserContext Context { get; }

    internal bool IsLive => Volatile.Read(ref _state) == (int)State.Live;

    /// <summary>What is behind an explicit region.</summary>
    internal RegionMemory? Memory => _memory;

    private RdmaDevice Device => Context.Device;

    /// <summary>
    /// Ends the region: when it returns the key is unknown, no handler and no callback runs, and nothing is mapped. In this order: not live, wait for
    /// fault handlers, take everything from the device, unlink (R26). Linux: <c>mlx5_ib_dereg_mr</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was ended before, this is a callback, or the thread has a window open.</exception>
    [Fence("callbacks")]
    [AwaitsGracePeriod("Device.RegionSrcu")]
    [MayBlock]
    public void Deregister()
    {
        MmuNotifiers.RefuseInCallbackOrWindow("a memory region is deregistered");
        if (Interlocked.CompareExchange(ref _state, (int)State.Draining, (int)State.Live) != (int)State.Live)
        {
            throw MirrorProtocol.Misuse("R28: a memory region is deregistered twice");
        }

        Device.Unpublish(this);
        SchedulePoint.Reach("R26.not-live");
        Device.RegionSrcu.Synchronize();
        AwaitUnused();
        CloseMemory();
        Advance(State.Draining, State.Zapped);
        Context.PutPerMm(_perMm!);
        Advance(State.Zapped, State.Freed);
    }

    [RequiresShared("mm.Users")]
    internal OdpResult Open(AddressSpace mm)
    {
        _perMm = Context.GetPerMm();
        if (_perMm is null)
        {
            return OdpResult.Fault;
        }

        if (!IsImplicit)
        {
            _memory = Make(Addresses, mm);
            if (_memory is null)
            {
                Context.PutPerMm(_perMm);
                return OdpResult.NoMemory;
            }
        }

        Advance(State.New, State.Live);
        Device.Publish(this);
        return OdpResult.Ok;
    }

    [Fence("callbacks")]
    [MayBlock]
    private void CloseMemory()
    {
        if (IsImplicit)
        {
            CloseLeaves();
        }
        else
        {
            _memory!.Umem.Close();
        }
    }

    internal void Use() => Interlocked.Increment(ref _uses);

    internal void Unuse()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            lock (_unused)
            {
                Monitor.PulseAll(_unused);
            }
        }
    }

    /// <summary>Prefetches a part; the caller has a use of the region.</summary>
    [MayBlock]
    internal OdpResult Prefetch(PrefetchAdvice advice, AddressRange addresses, CancellationToken cancellation)
    {
        if (!addresses.IsValid || !Addresses.Contains(addresses))
        {
            return OdpResult.Fault;
        }

        Address at = addresses.Start;
        while (at < addresses.End)
        {
            cancellation.ThrowIfCancellationRequested();
            OdpAccess access = advice == PrefetchAdvice.Write ? OdpAccess.Read | OdpAccess.Write : OdpAccess.Read;
            OdpResult result = PageFault(new AddressRange(at, addresses.End), access, advice != PrefetchAdvice.NoFault, out Bytes mapped);
            if (result != OdpResult.Ok)
            {
                return result;
            }

            Interlocked.Add(ref _prefetches, PagesOf(AddressRange.Of(at, mapped)));
            at += mapped;
        }

        return OdpResult.Ok;
    }

    /// <summary>
    /// Handles a fault of the device. On Ok a part is mapped from the start on; on Again let the device fault once more; everything else fails its
    /// queue pair. In a read section of the device, or with a use of the region. Linux: <c>pagefault_mr</c>.
    /// </summary>
    /// <param name="range">What the device wants, aligned to nothing.</param>
    /// <param name="access">What it will do.</param>
    /// <param name="faults">Whether missing pages are faulted in.</param>
    /// <param name="mapped">How much of it is mapped now.</param>
    [MayBlock]
    internal OdpResult PageFault(AddressRange range, OdpAccess access, bool faults, out Bytes mapped)
    {
        mapped = default;
        if (range.IsEmpty || !Addresses.Contains(range) || (access & ~Access) != 0)
        {
            return OdpResult.Fault;
        }

        if (MemoryAt(range.Start) is not { } memory)
        {
            return OdpResult.Again;
        }

        AddressRange part = PartOf(range, s_atOnce).Clip(memory.Umem.Addresses), large = PartOf(range, s_residentAtOnce).Clip(memory.Umem.Addresses);
        if (large != part && memory.Umem.TryMapResidentAndLock(large, access))
        {
            part = large;
        }
        else if (!memory.Umem.TryMapAndLock(part, access, faults, out OdpResult result))
        {
            // A leaf that dies is found no more: the next fault makes another. An explicit region whose process is gone has no next fault (R69).
            return IsImplicit && result == OdpResult.Fault && Context.Mm.Users.Count > 0 && IsDying(memory) ? OdpResult.Again : result;
        }

        AddressRange pages = memory.Umem.Shift.Expand(part);
        UmemPages first = memory.Umem.Shift.UmemIndex(memory.Umem.Addresses.Start, pages.Start);
        UmemPages end = memory.Umem.Shift.UmemIndex(memory.Umem.Addresses.Start, pages.End);
        OdpResult installed;
        try
        {
            installed = Device.Install(memory, first, end);
        }
        finally
        {
            memory.Umem.DriverLock.Release();
        }

        if (installed == OdpResult.Ok)
        {
            Interlocked.Add(ref _faults, (end - first).Value);
            mapped = part.Length;
        }

        return installed;
    }

    /// <summary>What of a range lies in the unit of its start.</summary>
    private static AddressRange PartOf(AddressRange range, PageShift unit) => range.Clip(AddressRange.Of(range.Start, unit.Size - unit.OffsetOf(range.Start)));

    /// <summary>How many pages of the region a range touches, in part or in whole.</summary>
    private long PagesOf(AddressRange range) => _shift.Expand(range) is var pages ? _shift.UmemIndex(pages.Start, pages.End).Value : 0;

    /// <summary>What is behind an address; null where an implicit region cannot make it now.</summary>
    internal RegionMemory? MemoryAt(Address address) => IsImplicit ? LeafAt(address) : _memory;

    [RequiresShared("mm.Users")]
    private RegionMemory? Make(AddressRange addresses, AddressSpace mm)
    {
        var umem = new UmemOdp(_perMm!, Device.Dma, addresses, _shift, (Access & OdpAccess.Write) != 0);
        var memory = new RegionMemory(Device, umem);
        umem.Invalidated = pages => Interlocked.Add(ref _invalidations, pages.Value);
        return umem.Open(mm) == NotifierResult.Ok ? memory : null;
    }

    private static bool IsDying(RegionMemory memory)
    {
        using (memory.Umem.DriverLock.Enter())
        {
            return memory.Umem.IsDying;
        }
    }

    private void Advance(State from, State to) =>
        MirrorProtocol.Expect(Interlocked.CompareExchange(ref _state, (int)to, (int)from) == (int)from, $"INV-26: a region that is not {from} becomes {to}");

    [MayBlock]
    private void AwaitUnused()
    {
        VirtualLocks.ReferenceDrain.MightAcquire();
        lock (_unused)
        {
            while (Volatile.Read(ref _uses) > 0)
            {
                Monitor.Wait(_unused);
            }
        }
    }
}
