// The DMA mappings of a device.
using System;
using System.Collections.Generic;

namespace Locking.Mirror;

/// <summary>
/// The DMA mappings of a device: gives pages addresses that the device uses. Addresses are those of the frames, as on a machine without an
/// IOMMU, so mapping costs no memory; with validation on every mapping is recorded, and unmapping must say the same. Linux: <c>dma_map_page</c> and
/// CONFIG_DMA_API_DEBUG. Safe for any thread.
/// </summary>
public sealed class DmaMappings
{
    private readonly SpinMutex _lock = new(LockClass.Named("dma_debug"));
    private readonly PhysicalMemory _memory;

    /// <summary>How often each mapping was made; null where nobody checks.</summary>
    [ContentsGuardedBy(nameof(_lock))]
    private readonly Dictionary<(ulong Address, Bytes Size, DmaDirection Direction), int>? _mappings = Lockdep.IsEnabled ? [] : null;

    internal DmaMappings(PhysicalMemory memory) => _memory = memory;

    /// <summary>How many mappings there are; zero where validation is off (INV-09).</summary>
    public int Count
    {
        get
        {
            using (_lock.Enter())
            {
                int count = 0;
                foreach (int uses in _mappings?.Values ?? (IEnumerable<int>)[])
                {
                    count += uses;
                }

                return count;
            }
        }
    }

    /// <summary>Maps a page, or neighbours from it on. Linux: <c>dma_map_page</c>.</summary>
    /// <param name="page">The first page.</param>
    /// <param name="size">How much.</param>
    /// <param name="direction">Who writes.</param>
    /// <returns>The address; null where it failed.</returns>
    /// <exception cref="ArgumentNullException">The page is null.</exception>
    [MustNotBlock]
    public ulong? Map(Page page, Bytes size, DmaDirection direction)
    {
        ArgumentNullException.ThrowIfNull(page);
        if (SchedulePoint.Fails("dma"))
        {
            return null;
        }

        ulong address = page.Frame << _memory.BaseShift.Value;
        if (_mappings is not null)
        {
            using (_lock.Enter())
            {
                _mappings[(address, size, direction)] = _mappings.GetValueOrDefault((address, size, direction)) + 1;
            }
        }

        return address;
    }

    /// <summary>Ends a mapping, with the size and the direction it was made with (R58). Linux: <c>dma_unmap_page</c>.</summary>
    /// <param name="address">The address.</param>
    /// <param name="size">How much was mapped.</param>
    /// <param name="direction">Who was to write.</param>
    [MustNotBlock]
    public void Unmap(ulong address, Bytes size, DmaDirection direction)
    {
        if (_mappings is null)
        {
            return;
        }

        using (_lock.Enter())
        {
            int uses = _mappings.GetValueOrDefault((address, size, direction));
            if (uses == 0)
            {
                MirrorProtocol.Report($"R58: {address:x} is unmapped for {size}, {direction}, and was not mapped so");
            }
            else if (uses == 1)
            {
                _mappings.Remove((address, size, direction));
            }
            else
            {
                _mappings[(address, size, direction)] = uses - 1;
            }
        }
    }

    /// <summary>Whether each mapping is recorded; else an address is all that it takes.</summary>
    internal bool IsRecorded => _mappings is not null;

    /// <summary>Whether a test may make a mapping fail.</summary>
    internal static bool MayFail => SchedulePoint.Failure is not null;

    /// <summary>The page of an address.</summary>
    internal Page PageAt(ulong address) => _memory.PageOf(address >> _memory.BaseShift.Value);
}
