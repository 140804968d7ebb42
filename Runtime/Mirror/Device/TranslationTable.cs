// What a device knows of a region: addresses of its pages.
using System;
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// What a device knows of a region: an entry for each page, and one for each 2 MiB whose pages follow each other, split when a part of it goes.
/// Written under the mutex of the umem, and with the device stopped where entries go; read by the device. Linux: the MTT that <c>mlx5_ib_update_xlt</c> writes.
/// </summary>
internal sealed class TranslationTable
{
    private readonly int _perBlock;
    private readonly ulong _pageSize;

    /// <summary>For each block an entry for all its pages, or zero.</summary>
    private readonly ulong[] _huge;

    /// <summary>For each block its entries, where they are not one.</summary>
    private readonly ulong[]?[] _small;

    public TranslationTable(UmemPages length, PageShift shift)
    {
        _pageSize = shift.Size.Value;
        _perBlock = shift.Value >= PageShift.Huge.Value ? 1 : 1 << (PageShift.Huge.Value - shift.Value);
        long blocks = (length.Value + _perBlock - 1) / _perBlock;
        (_huge, _small) = (new ulong[blocks], new ulong[]?[blocks]);
    }

    /// <summary>How many blocks are one entry.</summary>
    public int HugeEntries => Array.FindAll(_huge, entry => entry != 0).Length;

    /// <summary>The entry of a page; zero where there is none. The low two bits say what the device may do.</summary>
    public ulong this[UmemPages page]
    {
        get
        {
            (long block, long at) = Math.DivRem(page.Value, _perBlock);
            ulong huge = Volatile.Read(ref _huge[block]);
            return huge != 0 ? huge + ((ulong)at * _pageSize) : Volatile.Read(ref _small[block]) is { } small ? Volatile.Read(ref small[at]) : 0;
        }
    }

    /// <summary>
    /// Writes entries, as one for each block whose pages follow each other with the same rights. The device may read meanwhile: it finds what was,
    /// what is, or nothing.
    /// </summary>
    /// <returns>Whether there were entries before in one of the blocks.</returns>
    public bool Write(UmemPages first, ReadOnlySpan<ulong> entries)
    {
        bool hadEntries = false;
        for (long page = first.Value; !entries.IsEmpty;)
        {
            (long block, long at) = Math.DivRem(page, _perBlock);
            int count = (int)Math.Min(_perBlock - at, entries.Length);
            bool isEmpty = _huge[block] == 0 && _small[block] is null;
            hadEntries |= !isEmpty;
            if (!isEmpty || entries[..count].ContainsAnyExcept(0UL))
            {
                WriteBlock(block, (int)at, entries[..count]);
            }

            page += count;
            entries = entries[count..];
        }

        return hadEntries;
    }

    /// <summary>Removes the entries of a range; whole blocks at once.</summary>
    public void Clear(UmemPages first, UmemPages end)
    {
        for (long page = first.Value; page < end.Value;)
        {
            (long block, long at) = Math.DivRem(page, _perBlock);
            long rest = Math.Min(_perBlock - at, end.Value - page);
            if (rest == _perBlock || (_huge[block] == 0 && _small[block] is null))
            {
                (_huge[block], _small[block]) = (0, null);
            }
            else
            {
                (_small[block] ?? Split(block)).AsSpan((int)at, (int)rest).Clear();
            }

            page += rest;
        }
    }

    private void WriteBlock(long block, int at, ReadOnlySpan<ulong> entries)
    {
        if (entries.Length < _perBlock)
        {
            ulong[] small = _small[block] ?? Split(block);
            entries.CopyTo(small.AsSpan(at));
            entries = small;
        }

        if (_perBlock > 1 && EntryVectors.AreConsecutive(entries, _pageSize))
        {
            Volatile.Write(ref _huge[block], entries[0]);
            _small[block] = null;
        }
        else if (_small[block] is { } small)
        {
            entries.CopyTo(small);
        }
        else
        {
            Volatile.Write(ref _small[block], entries.ToArray());
            Volatile.Write(ref _huge[block], 0);
        }
    }

    /// <summary>Entries of its own for every page of a block.</summary>
    private ulong[] Split(long block)
    {
        var small = new ulong[_perBlock];
        for (int i = 0; i < small.Length && _huge[block] != 0; i++)
        {
            small[i] = _huge[block] + ((ulong)i * _pageSize);
        }

        Volatile.Write(ref _small[block], small);
        Volatile.Write(ref _huge[block], 0);
        return small;
    }
}
