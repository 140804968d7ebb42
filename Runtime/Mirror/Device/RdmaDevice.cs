// A simulated RDMA device.
using System;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// A simulated RDMA device: keys of memory regions, DMA mappings, and a translation cache. Fault handlers run in read sections of
/// <see cref="RegionSrcu"/>. Linux: <c>struct mlx5_ib_dev</c>. Safe for any thread.
/// </summary>
public sealed class RdmaDevice
{
    /// <summary>A key that nothing is behind: every access with it fails. Linux: <c>null_mkey</c>.</summary>
    public const uint NullKey = 0;

    /// <summary>How many windows may lie before a region; more, and windows in a circle, are a fault. Linux: <c>max_indirection</c>.</summary>
    public const int MaxIndirection = 4;

    private const int CacheSize = 1024;

    /// <summary>Held for reading by an access of the device, and for writing by whoever changes what it may access: so a change waits for accesses (R35).</summary>
    private readonly RwSemaphore _translation = new(LockClass.Named("device.translation"));

    private readonly CachedTranslation?[] _cache = new CachedTranslation?[CacheSize];

    /// <summary>Looked at in a read section, which keeps what is found.</summary>
    private readonly ConcurrentDictionary<uint, MemoryRegion> _keys = [];

    private readonly ConcurrentDictionary<uint, MemoryWindow> _windows = [];

    private int _nextKey;

    /// <summary>Makes a device.</summary>
    /// <param name="machine">The machine it is in.</param>
    /// <exception cref="ArgumentNullException">The machine is null.</exception>
    public RdmaDevice(Machine machine)
    {
        Machine = machine ?? throw new ArgumentNullException(nameof(machine));
        Dma = new DmaMappings(machine.Memory);
    }

    /// <summary>The machine it is in.</summary>
    public Machine Machine { get; }

    /// <summary>Its DMA mappings.</summary>
    public DmaMappings Dma { get; }

    /// <summary>Fault handlers read in it; who deregisters waits for them. Linux: <c>mr_srcu</c>, <c>odp_srcu</c>.</summary>
    public SrcuDomain RegionSrcu { get; } = new(LockClass.Named("mr_srcu"));

    /// <summary>Opens the device for a process. Linux: <c>ib_alloc_ucontext</c>.</summary>
    /// <param name="mm">The process; every region of the context is of its memory (R73).</param>
    /// <returns>The context.</returns>
    public UserContext Open(AddressSpace mm) => new(this, mm);

    /// <summary>The region of a key, in a read section; null where there is none that lives.</summary>
    [RequiresShared(nameof(RegionSrcu))]
    internal MemoryRegion? Find(uint key) => _keys.TryGetValue(key, out MemoryRegion? region) && region.IsLive ? region : null;

    internal void Publish(MemoryRegion region)
    {
        region.Key = (uint)Interlocked.Increment(ref _nextKey);
        _keys[region.Key] = region;
    }

    /// <summary>What an access needs of a key, through windows: the region, in a read section; or why not.</summary>
    [RequiresShared(nameof(RegionSrcu))]
    internal OdpResult Resolve(uint key, AddressRange wanted, OdpAccess access, out MemoryRegion? region)
    {
        region = null;
        for (int depth = 0; depth <= MaxIndirection && wanted.IsValid; depth++)
        {
            if (Find(key) is { } found)
            {
                region = found;
                return found.Addresses.Contains(wanted) && (access & ~found.Access) == 0 ? OdpResult.Ok : OdpResult.Fault;
            }

            if (!IsWindow(key, out MemoryWindow? window))
            {
                return key == NullKey ? OdpResult.Fault : OdpResult.NoEntry;
            }

            if (window.Binding is not { } binding || !binding.Addresses.Contains(wanted) || (access & ~binding.Access) != 0)
            {
                return OdpResult.Fault;
            }

            key = binding.Key;
        }

        return OdpResult.Fault;
    }

    internal bool IsWindow(uint key, [NotNullWhen(true)] out MemoryWindow? window) => _windows.TryGetValue(key, out window);

    internal MemoryWindow PublishWindow()
    {
        var window = new MemoryWindow(this, (uint)Interlocked.Increment(ref _nextKey));
        _windows[window.Key] = window;
        return window;
    }

    internal void Unpublish(MemoryWindow window) => _windows.TryRemove(window.Key, out _);

    internal void Unpublish(MemoryRegion region) => _keys.TryRemove(region.Key, out _);

    /// <summary>Copies between the device and one page of a region; false where the device has no entry that allows it, and must fault.</summary>
    internal bool TryAccess(RegionMemory memory, Address address, Span<byte> read, ReadOnlySpan<byte> write)
    {
        UmemPages page = memory.Umem.Shift.UmemIndex(memory.Umem.Addresses.Start, address);
        using (_translation.EnterRead())
        {
            ulong entry = Lookup(memory, page);
            OdpAccess access = (OdpAccess)(entry & 3);
            if ((access & (write.IsEmpty ? OdpAccess.Read : OdpAccess.Write)) == 0)
            {
                return false;
            }

            Bytes offset = memory.Umem.Shift.OffsetOf(address);
            ulong dma = (entry & ~3UL) + offset.Value;
            Page content = Dma.PageAt(dma);
            MirrorProtocol.Expect(!content.IsFree, $"INV-02: the device accesses frame {content.Frame:x}, which is free");
            Span<byte> data = content.Data[(int)Machine.BaseShift.OffsetOf(new Address(dma)).Value..];
            data[..read.Length].CopyTo(read);
            write.CopyTo(data);
            return true;
        }
    }

    /// <summary>
    /// Tells the device of pages: entries of those that are mapped. When it returns, the device uses the new ones and has dropped the old. Needs no
    /// buffer, since it copies from table to table. Linux: <c>mlx5r_umr_update_xlt</c>.
    /// </summary>
    /// <returns>Ok; NoMemory where the table has no room: some of the entries may be there, and the others fault (R70).</returns>
    [Requires("memory.Umem.DriverLock")]
    internal OdpResult Install(RegionMemory memory, UmemPages first, UmemPages end)
    {
        memory.Umem.DriverLock.AssertHeld();
        SchedulePoint.Reach("R38.install");
        memory.Umem.ExpectNoWindow(first, end);

        // Next to accesses: pages come, and rights grow, so an access that still finds the old entry faults once more than it would have to.
        using (_translation.EnterRead())
        {
            bool isDone = memory.Table.TryAdd(memory.Umem.Mappings, first, end, out bool hadEntries);
            if (hadEntries)
            {
                DropCached(memory, first, end);
            }

            return isDone ? OdpResult.Ok : OdpResult.NoMemory;
        }
    }

    /// <summary>Takes pages from the device: when it returns, no access to them runs or will (R35).</summary>
    [Requires("memory.Umem.DriverLock")]
    internal void Zap(RegionMemory memory, UmemPages first, UmemPages end)
    {
        memory.Umem.DriverLock.AssertHeld();
        using (_translation.EnterWrite())
        {
            memory.Table.Clear(first, end);
            DropCached(memory, first, end);
        }
    }

    private static int SlotOf(RegionMemory memory, UmemPages page) => (int)(((uint)memory.Id * 31) + (ulong)page.Value) & (CacheSize - 1);

    [RequiresShared(nameof(_translation))]
    private ulong Lookup(RegionMemory memory, UmemPages page)
    {
        ref CachedTranslation? slot = ref _cache[SlotOf(memory, page)];
        if (Volatile.Read(ref slot) is { } cached && cached.Memory == memory && cached.Page == page)
        {
            return cached.Entry;
        }

        ulong entry = memory.Table[page];
        if (entry != 0)
        {
            Volatile.Write(ref slot, new CachedTranslation(memory, page, entry));
        }

        return entry;
    }

    [RequiresShared(nameof(_translation))]
    private void DropCached(RegionMemory memory, UmemPages first, UmemPages end)
    {
        if ((end - first).Value >= CacheSize)
        {
            Array.Clear(_cache);
            return;
        }

        for (UmemPages page = first; page < end; page++)
        {
            ref CachedTranslation? slot = ref _cache[SlotOf(memory, page)];
            if (Volatile.Read(ref slot) is { } cached && cached.Memory == memory && cached.Page == page)
            {
                Interlocked.CompareExchange(ref slot, null, cached);
            }
        }
    }

    private sealed record CachedTranslation(RegionMemory Memory, UmemPages Page, ulong Entry);
}
