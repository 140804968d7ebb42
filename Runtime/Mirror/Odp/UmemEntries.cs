// An entry for each page of a umem, and one for each 2 MiB whose pages follow each other.
using System;
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// An entry for each page of a umem: its address for the device, with what the device may do in the low two bits; zero where there is none. Pages
/// of one 2 MiB whose addresses follow each other are one entry, split when a part of them goes. No other unit indexes it (R60).
/// </summary>
/// <remarks>
/// The umem has one of what is mapped, the device one of what it was told. Written under the mutex of the umem, and the device's with the device
/// stopped where entries go. The device reads meanwhile: it finds what was, what is, or nothing. Linux: <c>umem_odp->dma_list</c>, and the MTT
/// that <c>mlx5_ib_update_xlt</c> writes.
/// </remarks>
internal sealed class UmemEntries
{
    private const ulong AccessMask = 3;

    private readonly PageShift _shift;

    /// <summary>Pages of a block, as a shift: a block is what one table of the process covers, or a larger page.</summary>
    private readonly int _blockShift;

    /// <summary>How many pages of the first block lie before the umem.</summary>
    private readonly long _before;

    /// <summary>For each block the entry of its first page, where the others follow it; or zero.</summary>
    private readonly ulong[] _runs;

    /// <summary>For each block its entries, where they are not one.</summary>
    private readonly ulong[]?[] _small;

    /// <summary>Makes a table without entries.</summary>
    /// <param name="addresses">Those of the umem, aligned to its pages.</param>
    /// <param name="shift">The size of its pages.</param>
    public UmemEntries(AddressRange addresses, PageShift shift)
    {
        (_shift, Length) = (shift, shift.UmemIndex(addresses.Start, addresses.End));
        _blockShift = Math.Max(0, PageShift.Huge.Value - shift.Value);
        _before = (long)(addresses.Start.Value >> shift.Value) & ((1L << _blockShift) - 1);
        long blocks = (_before + Length.Value + (1L << _blockShift) - 1) >> _blockShift;
        (_runs, _small) = (new ulong[blocks], new ulong[]?[blocks]);
    }

    /// <summary>How many pages there are.</summary>
    public UmemPages Length { get; }

    /// <summary>How many blocks are one entry.</summary>
    public int Runs => Array.FindAll(_runs, entry => entry != 0).Length;

    /// <summary>The entry of a page.</summary>
    public ulong this[UmemPages page]
    {
        get
        {
            Block block = BlockOf(page);
            ulong run = Volatile.Read(ref _runs[block.Index]);
            return run != 0 ? run + ((ulong)block.At << _shift.Value) : Volatile.Read(ref _small[block.Index]) is { } small ? Volatile.Read(ref small[block.At]) : 0;
        }

    }

    /// <summary>Makes the entry of a page; false where there is no memory for it, and nothing has changed.</summary>
    public bool TrySet(UmemPages page, ulong entry)
    {
        Block block = BlockOf(page);
        if (Split(block) is not { } small)
        {
            return false;
        }

        Volatile.Write(ref small[block.At], entry);
        return true;
    }

    /// <summary>The pages from one on that have no entry, or entries that follow each other; how many, and the first entry. Within one block.</summary>
    public ulong RunAt(UmemPages page, UmemPages end, out UmemPages count)
    {
        Block block = BlockOf(page);
        count = new UmemPages(Math.Min(block.Length - block.At, (end - page).Value));
        if (_runs[block.Index] == 0 && _small[block.Index] is { } small)
        {
            count = new UmemPages(1);
            return small[block.At];
        }

        return _runs[block.Index] == 0 ? 0 : this[page];
    }

    /// <summary>
    /// Makes entries of the slots of a leaf that are present and allow the rights, up to the first that is not so or that has an entry of another
    /// page already; how many pages have theirs now.
    /// </summary>
    /// <param name="first">The page of the first slot.</param>
    /// <param name="slots">The slots; within one block.</param>
    /// <param name="rights">What the device may do.</param>
    /// <param name="added">How many had none before.</param>
    public UmemPages AddPresent(UmemPages first, ReadOnlySpan<ulong> slots, OdpAccess rights, out UmemPages added)
    {
        Block block = BlockOf(first);
        ref ulong run = ref _runs[block.Index];
        bool isEmpty = run == 0 && _small[block.Index] is null;
        bool isWhole = EntryVectors.ArePresentRun(slots, (rights & OdpAccess.Write) != 0);
        ulong entry = (new Pte(slots[0]).Frame << _shift.Value) | (ulong)rights;
        added = new UmemPages(0);
        if (run != 0)
        {
            return new UmemPages(isWhole && this[first] == entry ? slots.Length : 0);
        }

        if (isEmpty && isWhole && slots.Length == block.Length)
        {
            run = entry;
            return added = new UmemPages(slots.Length);
        }

        if (!EntryVectors.IsPresent(slots[0], (rights & OdpAccess.Write) != 0) || Split(block) is not { } small)
        {
            return added;
        }

        added = new UmemPages(EntryVectors.Map(slots, small.AsSpan(block.At), _shift, rights));
        Join(block);
        return added;
    }

    /// <summary>Makes one entry of the block that a page begins; how many pages have theirs now, none where the block is not all new or all the same.</summary>
    /// <param name="first">The first page of the block.</param>
    /// <param name="end">Up to where pages may have one.</param>
    /// <param name="entry">The entry of the first page; those of the others follow it.</param>
    /// <param name="added">How many had none before.</param>
    public UmemPages AddRun(UmemPages first, UmemPages end, ulong entry, out UmemPages added)
    {
        Block block = BlockOf(first);
        ref ulong run = ref _runs[block.Index];
        bool isWhole = block.At == 0 && block.Length <= (end - first).Value;
        bool isNew = isWhole && run == 0 && _small[block.Index] is null;
        run = isNew ? entry : run;
        added = new UmemPages(isNew ? block.Length : 0);
        return new UmemPages(isWhole && run == entry ? block.Length : 0);
    }

    /// <summary>Takes over the entries of another table of the same pages.</summary>
    /// <param name="other">The other table.</param>
    /// <param name="first">The first page.</param>
    /// <param name="end">Behind the last.</param>
    /// <param name="hadEntries">Whether there were entries before in one of the blocks.</param>
    /// <returns>Whether there was memory for all; else some are here, and the others are what they were.</returns>
    public bool TryAdd(UmemEntries other, UmemPages first, UmemPages end, out bool hadEntries)
    {
        hadEntries = false;
        for (UmemPages page = first; page < end;)
        {
            Block block = BlockOf(page);
            int count = (int)Math.Min(block.Length - block.At, (end - page).Value);
            hadEntries |= _runs[block.Index] != 0 || _small[block.Index] is not null;
            if (other._runs[block.Index] is var run && run != 0)
            {
                Volatile.Write(ref _runs[block.Index], run);
                _small[block.Index] = null;
            }
            else if (other._small[block.Index] is { } small)
            {
                if (Split(block) is not { } mine)
                {
                    return false;
                }

                small.AsSpan(block.At, count).CopyTo(mine.AsSpan(block.At));
            }

            page += new UmemPages(count);
        }

        return true;
    }

    /// <summary>What has to go when a range goes: where a block that an end cuts is one entry and there is no memory to split it, the whole block (R70).</summary>
    public (UmemPages First, UmemPages End) Cut(UmemPages first, UmemPages end)
    {
        Block head = BlockOf(first), tail = BlockOf(new UmemPages(end.Value - 1));
        UmemPages start = first - new UmemPages(head.At), stop = end + new UmemPages(tail.Length - tail.At - 1);
        bool cutsHead = start < first && !CanSplit(head), cutsTail = stop > end && !CanSplit(tail);
        return (cutsHead || (cutsTail && tail.Index == head.Index) ? start : first, cutsTail || (cutsHead && tail.Index == head.Index) ? stop : end);
    }

    /// <summary>Makes one entry of each block of a range whose entries follow each other.</summary>
    public void Join(UmemPages first, UmemPages end)
    {
        for (UmemPages page = first; page < end;)
        {
            Block block = BlockOf(page);
            Join(block);
            page += new UmemPages(block.Length - block.At);
        }
    }

    /// <summary>
    /// Removes the entries of a range; of a block that cannot be split for want of memory, all. The room for those that were not one is kept: they
    /// will hardly be one next time.
    /// </summary>
    public void Clear(UmemPages first, UmemPages end)
    {
        for (UmemPages page = first; page < end;)
        {
            Block block = BlockOf(page);
            int count = (int)Math.Min(block.Length - block.At, (end - page).Value);
            if (count == block.Length && _small[block.Index] is null)
            {
                _runs[block.Index] = 0;
            }
            else if ((_runs[block.Index] != 0 || _small[block.Index] is not null) && Split(block) is { } small)
            {
                small.AsSpan(block.At, count).Clear();
            }
            else
            {
                _runs[block.Index] = 0;
            }

            page += new UmemPages(count);
        }
    }

    private void Join(Block block)
    {
        if (_small[block.Index] is { } small && (small[0] & AccessMask) != 0 && EntryVectors.AreConsecutive(small, _shift.Size.Value, ulong.MaxValue))
        {
            Volatile.Write(ref _runs[block.Index], small[0]);
            _small[block.Index] = null;
        }
    }

    private bool CanSplit(Block block) => _runs[block.Index] == 0 || Split(block) is not null;

    /// <summary>Entries of its own for every page of a block; null where there is no memory for them, and nothing has changed.</summary>
    private ulong[]? Split(Block block)
    {
        if (_runs[block.Index] is var run && run == 0 && _small[block.Index] is { } there)
        {
            return there;
        }

        if (SchedulePoint.Fails("translation"))
        {
            return null;
        }

        ulong[] small = new ulong[block.Length];
        for (int i = 0; i < small.Length && run != 0; i++)
        {
            small[i] = run + ((ulong)i << _shift.Value);
        }

        Volatile.Write(ref _small[block.Index], small);
        Volatile.Write(ref _runs[block.Index], 0);
        return small;
    }

    /// <summary>Where a page is. The first block and the last may be shorter than the others.</summary>
    private Block BlockOf(UmemPages page)
    {
        long index = (page.Value + _before) >> _blockShift;
        long start = Math.Max(0, (index << _blockShift) - _before);
        long end = Math.Min(Length.Value, ((index + 1) << _blockShift) - _before);
        return new Block(index, (int)(page.Value - start), (int)(end - start));
    }

    /// <summary>A block, and a page in it.</summary>
    private readonly record struct Block(long Index, int At, int Length);
}
