// The obvious way to mirror pages, which benchmarks compare with.
using System.Collections.Generic;

namespace Locking.Benchmarks;

/// <summary>
/// The obvious way to mirror pages: a lock, and a dictionary for each table. Each page is a step under the lock, since a window may come between two.
/// Keys are page numbers that follow each other, which is the best that can happen to a dictionary; and the dictionaries have grown before.
/// </summary>
internal sealed class ObviousMirror
{
    private const ulong Writable = 1;

    private readonly object _lock = new();

    /// <summary>What the process has: frames, with a bit for the right to write.</summary>
    private readonly Dictionary<ulong, ulong> _pageTable = [];

    /// <summary>What is mapped for the device: addresses, to be unmapped one day.</summary>
    private readonly Dictionary<ulong, ulong> _mapped = [];

    /// <summary>What the device knows: addresses with rights.</summary>
    private readonly Dictionary<ulong, ulong> _device = [];

    public void Populate(ulong page, ulong frame) => _pageTable[page] = (frame << 12) | Writable;

    /// <summary>Faults, maps and installs pages; false at the first that the process does not have so.</summary>
    public bool Fault(ulong first, ulong count, bool isWrite)
    {
        ulong rights = isWrite ? 3UL : 1UL;
        for (ulong page = first; page < first + count; page++)
        {
            lock (_lock)
            {
                if (!_pageTable.TryGetValue(page, out ulong entry) || (isWrite && (entry & Writable) == 0))
                {
                    return false;
                }

                ulong address = entry & ~Writable;
                _mapped[page] = address;
                _device[page] = address | rights;
            }
        }

        return true;
    }

    public void InvalidateAll()
    {
        lock (_lock)
        {
            _device.Clear();
            _mapped.Clear();
        }
    }
}
