// Ranges of the interface of 5.3, mapped for a device.
using System;

namespace Locking.Mirror;

/// <summary>
/// Ranges of the interface of 5.3, mapped for a device. Linux: <c>hmm_range_dma_map</c>, <c>hmm_range_dma_unmap</c>, 5.2 to 5.5, without two of their
/// defects: what is mapped already stays mapped once (R56), and a page of the range is mapped in the size that it is unmapped in (R60).
/// </summary>
public static class HmmRange53Dma
{
    /// <summary>Faults the range, and maps each page that it has. On Again the semaphore has been released (R45).</summary>
    /// <param name="range">The range, registered.</param>
    /// <param name="dma">The device's mappings.</param>
    /// <param name="addresses">One for each base page; zero where nothing is mapped.</param>
    /// <param name="block">As for <see cref="HmmRange53.Fault"/>.</param>
    /// <returns>How many pages were mapped by this call, or a negative <see cref="HmmResult"/>; then none was.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There is not one address for each base page.</exception>
    [RequiresShared("range.Mirror.Mm.MmapSem")]
    [ReleasesWhen((long)HmmResult.Again, "range.Mirror.Mm.MmapSem")]
    [MayBlock]
    [NoThreadSafetyAnalysis("What Fault answers is passed on as it is; every other answer is a count or another failure.")]
    public static long DmaMap(this HmmRange53 range, DmaMappings dma, ulong[] addresses, bool block)
    {
        Check(range, dma, addresses);
        long result = range.Fault(block);
        if (result <= 0)
        {
            return result == 0 ? (long)HmmResult.Busy : result;
        }

        var mapped = new System.Collections.Generic.List<int>();
        for (int i = 0; i < addresses.Length; i++)
        {
            if (addresses[i] != 0 || range.Format.FrameOf(range.Pfns[i]) is not { } frame)
            {
                continue;
            }

            HmmResult failure = !range.IsValid ? HmmResult.Busy : HmmResult.Ok;
            ulong? address = failure == HmmResult.Ok ? dma.Map(range.Mirror.Mm!.Memory.PageOf(frame), SizeOf(range), DirectionOf(range, i)) : null;
            if (address is null)
            {
                mapped.ForEach(at => UnmapOne(range, dma, addresses, at));
                return failure == HmmResult.Ok ? (long)HmmResult.Fault : (long)failure;
            }

            addresses[i] = address.Value;
            mapped.Add(i);
        }

        return mapped.Count;
    }

    /// <summary>
    /// Unmaps what is mapped, and forgets the entries. The caller's lock keeps an invalidation from completing meanwhile, which is why pages may be
    /// marked dirty here.
    /// </summary>
    /// <param name="range">The range; it need not be registered.</param>
    /// <param name="dma">The device's mappings.</param>
    /// <param name="addresses">What <see cref="DmaMap"/> filled.</param>
    /// <param name="dirty">Whether pages that may have been written are marked dirty.</param>
    /// <returns>How many were unmapped.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There is not one address for each base page.</exception>
    public static long DmaUnmap(this HmmRange53 range, DmaMappings dma, ulong[] addresses, bool dirty)
    {
        Check(range, dma, addresses);
        long count = 0;
        for (int i = 0; i < addresses.Length; i++)
        {
            if (addresses[i] == 0 || range.Format.FrameOf(range.Pfns[i]) is not { } frame)
            {
                continue;
            }

            if (dirty && range.Format.IsWritable(range.Pfns[i]))
            {
                range.Mirror.Mm!.Memory.PageOf(frame).SetDirty();
            }

            UnmapOne(range, dma, addresses, i);
            range.Pfns[i] = range.Format.None;
            count++;
        }

        return count;
    }

    private static void Check(HmmRange53 range, DmaMappings dma, ulong[] addresses)
    {
        ArgumentNullException.ThrowIfNull(range);
        ArgumentNullException.ThrowIfNull(dma);
        ArgumentNullException.ThrowIfNull(addresses);
        if (addresses.Length != range.Pfns.Length)
        {
            throw new ArgumentException("There is one address for each base page.", nameof(addresses));
        }
    }

    private static Bytes SizeOf(HmmRange53 range) => range.Mirror.Mm!.BaseShift.Size;

    private static DmaDirection DirectionOf(HmmRange53 range, int index) =>
        range.Format.IsWritable(range.Pfns[index]) ? DmaDirection.Bidirectional : DmaDirection.ToDevice;

    private static void UnmapOne(HmmRange53 range, DmaMappings dma, ulong[] addresses, int index)
    {
        dma.Unmap(addresses[index], SizeOf(range), DirectionOf(range, index));
        addresses[index] = 0;
    }
}
