// A process's use of a device.
using System;
using System.Collections.Generic;
using System.Threading;

namespace Locking.Mirror;

/// <summary>A process's use of a device: makes memory regions of the process's memory. Linux: <c>struct ib_ucontext</c>. Safe for any thread.</summary>
public sealed class UserContext
{
    private readonly MutexLock _perMmLock = new(LockClass.Named("per_mm_list_lock"));

    [GuardedBy(nameof(_perMmLock))]
    private PerMm? _perMm;

    internal UserContext(RdmaDevice device, AddressSpace mm)
    {
        ArgumentNullException.ThrowIfNull(mm);
        (Device, Mm) = (device, mm);
    }

    /// <summary>The device.</summary>
    public RdmaDevice Device { get; }

    /// <summary>The process's address space.</summary>
    public AddressSpace Mm { get; }

    /// <summary>Registers memory of the process, mapped or not: it is faulted on demand. Linux: <c>ib_umem_odp_get</c>.</summary>
    /// <param name="addresses">The addresses, aligned to nothing.</param>
    /// <param name="access">What the device may do.</param>
    /// <param name="region">The region; null on failure.</param>
    /// <param name="shift">The size of its pages; of base pages by default. A larger one needs a mapping of huge pages at the start.</param>
    /// <returns>Ok, Invalid (also on a machine without on-demand paging), Fault (the process has exited), NoMemory.</returns>
    /// <exception cref="InvalidOperationException">This is a callback, or the thread has a window open.</exception>
    [RequiresShared("Mm.Users")]
    [Excludes("Mm.MmapSem")]
    [MayBlock]
    public OdpResult Register(AddressRange addresses, OdpAccess access, out MemoryRegion? region, PageShift? shift = null)
    {
        region = null;
        MmuNotifiers.RefuseInCallbackOrWindow("a memory region is registered");
        PageShift pages = shift ?? Mm.BaseShift;
        if (!Mm.Machine.Has(MirrorFeatures.OnDemandPaging))
        {
            return OdpResult.Invalid;
        }

        if (!addresses.IsValid || access == OdpAccess.None || pages.Value < Mm.BaseShift.Value || !pages.Expand(addresses).IsValid || !Fits(addresses, pages))
        {
            return OdpResult.Invalid;
        }

        region = new MemoryRegion(this, addresses, access, pages);
        OdpResult result = region.Open(Mm);
        region = result == OdpResult.Ok ? region : null;
        return result;
    }

    /// <summary>Registers all memory that the process has or will have. Linux: <c>mlx5_ib_alloc_implicit_mr</c>.</summary>
    /// <param name="access">What the device may do.</param>
    /// <param name="region">The region; null on failure.</param>
    /// <returns>Ok, Invalid (also on a machine without on-demand paging), Fault, NoMemory.</returns>
    /// <exception cref="InvalidOperationException">This is a callback, or the thread has a window open.</exception>
    [RequiresShared("Mm.Users")]
    [Excludes("Mm.MmapSem")]
    [MayBlock]
    public OdpResult RegisterImplicit(OdpAccess access, out MemoryRegion? region)
    {
        region = null;
        MmuNotifiers.RefuseInCallbackOrWindow("a memory region is registered");
        if (!Mm.Machine.Has(MirrorFeatures.OnDemandPaging) || access == OdpAccess.None)
        {
            return OdpResult.Invalid;
        }

        region = new MemoryRegion(this, access);
        OdpResult result = region.Open(Mm);
        region = result == OdpResult.Ok ? region : null;
        return result;
    }

    /// <summary>Makes a memory window that shows nothing yet. Linux: <c>ib_alloc_mw</c>.</summary>
    /// <returns>The window.</returns>
    public MemoryWindow OpenWindow() => Device.PublishWindow();

    /// <summary>Prefetches parts of regions. Linux: <c>mlx5_ib_advise_mr_prefetch</c>.</summary>
    /// <param name="advice">What is asked for.</param>
    /// <param name="parts">Keys and addresses.</param>
    /// <param name="flush">Whether to wait for it, and answer its first failure.</param>
    /// <param name="cancellation">With flush: ends it between two parts of at most 64 MiB; what is mapped stays so.</param>
    /// <returns>Ok; NoEntry (no such key); Invalid (the key of a window); NotPermitted (of another context, or to be written and read-only); failures of the faults, with flush.</returns>
    /// <exception cref="ArgumentNullException">The list is null.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    [MayBlock]
    public OdpResult Prefetch(PrefetchAdvice advice, IReadOnlyList<(uint Key, AddressRange Addresses)> parts, bool flush, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var used = new List<(MemoryRegion Region, AddressRange Addresses)>();
        OdpResult result = Use(advice, parts, used);
        if (result != OdpResult.Ok)
        {
            used.ForEach(part => part.Region.Unuse());
            return result;
        }

        if (flush)
        {
            return PrefetchUsed(advice, used, cancellation);
        }

        ThreadPool.UnsafeQueueUserWorkItem(_ => PrefetchUsed(advice, used, CancellationToken.None), null);
        return OdpResult.Ok;
    }

    /// <summary>The per_mm of the process, one more user; null where the process has exited or there is no memory.</summary>
    internal PerMm? GetPerMm()
    {
        using (_perMmLock.Enter())
        {
            if (_perMm is not null)
            {
                _perMm.Users++;
                return _perMm;
            }

            return _perMm = MakePerMm();
        }
    }

    /// <summary>Made under the lock, though registering waits for open windows: two that race would register twice (R21).</summary>
    [Requires(nameof(_perMmLock))]
    [MayBlock]
    private PerMm? MakePerMm()
    {
        if (!Mm.Users.TryGet())
        {
            return null;
        }

        try
        {
            return RegisterPerMm();
        }
        finally
        {
            Mm.Users.PutAsync();
        }
    }

    [RequiresShared("Mm.Users")]
    [MayBlock]
    private PerMm? RegisterPerMm()
    {
        var made = new PerMm(Mm);
        bool isRegistered = false;
        try
        {
            isRegistered = MmuNotifiers.Register(made, Mm) == NotifierResult.Ok;
            return isRegistered ? made : null;
        }
        finally
        {
            if (!isRegistered)
            {
                Mm.Grabs.DropUnowned();
            }
        }
    }

    [MayBlock]
    internal void PutPerMm(PerMm perMm)
    {
        using (_perMmLock.Enter())
        {
            if (--perMm.Users > 0)
            {
                return;
            }

            _perMm = null;
        }

        perMm.Close();
    }

    private bool Fits(AddressRange addresses, PageShift shift)
    {
        if (shift == Mm.BaseShift)
        {
            return true;
        }

        using (Mm.MmapSem.EnterRead())
        {
            return Mm.VmaAt(addresses.Start) is { } vma && vma.ShiftOf(Mm.BaseShift) == shift;
        }
    }

    private OdpResult Use(PrefetchAdvice advice, IReadOnlyList<(uint Key, AddressRange Addresses)> parts, List<(MemoryRegion Region, AddressRange Addresses)> used)
    {
        using (Device.RegionSrcu.EnterRead())
        {
            foreach ((uint key, AddressRange addresses) in parts)
            {
                if (Device.Find(key) is not { } region)
                {
                    return Device.IsWindow(key, out _) ? OdpResult.Invalid : OdpResult.NoEntry;
                }

                if (region.Context != this || (advice == PrefetchAdvice.Write && (region.Access & OdpAccess.Write) == 0))
                {
                    return OdpResult.NotPermitted;
                }

                region.Use();
                used.Add((region, addresses));
            }
        }

        return OdpResult.Ok;
    }

    private static OdpResult PrefetchUsed(PrefetchAdvice advice, List<(MemoryRegion Region, AddressRange Addresses)> used, CancellationToken cancellation)
    {
        OdpResult first = OdpResult.Ok;
        try
        {
            foreach ((MemoryRegion region, AddressRange addresses) in used)
            {
                OdpResult result = region.Prefetch(advice, addresses, cancellation);
                first = first == OdpResult.Ok ? result : first;
            }
        }
        finally
        {
            // Whoever deregisters one of them waits for this.
            used.ForEach(part => part.Region.Unuse());
        }

        return first;
    }
}
