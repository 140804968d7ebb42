// The simulated machine: its memory, its files, its address spaces.
using System;
using System.Collections.Generic;

namespace Locking.Mirror;

/// <summary>The simulated machine: physical memory, swap, files, and the settings that the kernel keeps for all address spaces. Safe for any thread.</summary>
public sealed class Machine
{
    /// <summary>Makes a machine.</summary>
    /// <param name="baseShift">The size of base pages: 4 KiB by default.</param>
    /// <param name="capacity">How many frames there are: plenty by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">Base pages are neither of 4 nor of 64 KiB.</exception>
    public Machine(PageShift? baseShift = null, ulong capacity = 1UL << 32)
    {
        PageShift shift = baseShift ?? PageShift.Small;
        if (shift != PageShift.Small && shift != PageShift.Medium)
        {
            throw new ArgumentOutOfRangeException(nameof(baseShift), "Base pages are of 4 or 64 KiB.");
        }

        Memory = new PhysicalMemory(shift, capacity);
    }

    /// <summary>The domain of all notifiers of all address spaces. Linux: the static <c>srcu</c> of mmu_notifier.c.</summary>
    public static SrcuDomain NotifierSrcu { get; } = new(LockClass.Named("notifier_srcu"));

    /// <summary>What the machine can do; all by default.</summary>
    public MirrorFeatures Features { get; init; } = MirrorFeatures.All;

    /// <summary>How long a callback may run until it is reported, where validation is on. Ten seconds.</summary>
    public static TimeSpan CallbackTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The frames.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>The size of a base page.</summary>
    public PageShift BaseShift => Memory.BaseShift;

    private readonly MutexLock _lock = new(LockClass.Named("machine"));

    /// <summary>The address spaces that have not exited.</summary>
    [GuardedBy(nameof(_lock))]
    private readonly HashSet<AddressSpace> _mms = [];

    internal SwapSpace Swap { get; } = new();

    /// <summary>Makes an address space with one user, which the calling thread owns. Linux: <c>mm_alloc</c>.</summary>
    /// <returns>The address space.</returns>
    [Acquires("return.Users")]
    public AddressSpace CreateAddressSpace()
    {
        var mm = new AddressSpace(this);
        using (_lock.Enter())
        {
            _mms.Add(mm);
        }

        return mm;
    }

    /// <summary>Makes an empty file.</summary>
    /// <returns>The file.</returns>
    public MemoryFile CreateFile() => new(this);

    /// <summary>
    /// Migrates every page of a device's memory back that is not busy, whoever maps it: before the memory is ended. Linux:
    /// <c>migrate_device_range</c>.
    /// </summary>
    /// <param name="memory">The memory.</param>
    /// <exception cref="ArgumentNullException">The memory is null.</exception>
    [MayBlock]
    public void Evict(DeviceMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        Array.ForEach(AddressSpaces(), mm => mm.Evict(memory));
    }

    /// <summary>Unmaps the pages of a file from an offset on, whoever maps them.</summary>
    [MayBlock]
    internal void Truncate(MemoryFile file, Bytes kept) => Array.ForEach(AddressSpaces(), mm => mm.Truncate(file, kept));

    private AddressSpace[] AddressSpaces()
    {
        using (_lock.Enter())
        {
            return [.. _mms];
        }
    }

    internal void Forget(AddressSpace mm)
    {
        using (_lock.Enter())
        {
            _mms.Remove(mm);
        }
    }

    internal bool Has(MirrorFeatures feature) => (Features & feature) == feature;
}
