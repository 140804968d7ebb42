// A file in memory, with a page cache.
using System;
using System.Collections.Generic;

namespace Locking.Mirror;

/// <summary>
/// A file: storage, and a page cache that shared mappings map. What is written through a mapping reaches the storage only where the page was
/// marked dirty, so a lost mark is lost data. A file has no end, and grows as it is touched, until it is truncated. Shared anonymous memory is
/// a file without a name. Safe for any thread.
/// </summary>
public sealed class MemoryFile
{
    private readonly MutexLock _lock = new(LockClass.Named("page_cache"));

    /// <summary>One truncation at a time: what it drops is not what another has made room for. Linux: <c>i_rwsem</c>.</summary>
    private readonly MutexLock _truncation = new(LockClass.Named("inode"));
    private readonly Machine _machine;

    [GuardedBy(nameof(_lock))]
    private readonly Dictionary<ulong, Page> _cache = [];

    [GuardedBy(nameof(_lock))]
    private readonly Dictionary<ulong, byte[]> _storage = [];

    /// <summary>Where it ends; null where it was never truncated. Linux: <c>i_size</c>.</summary>
    [GuardedBy(nameof(_lock))]
    private Bytes? _end;

    internal MemoryFile(Machine machine) => _machine = machine;

    /// <summary>Reads without any mapping; what was never written is zero, and so is what lies behind the end.</summary>
    /// <param name="offset">Where.</param>
    /// <param name="data">What was read.</param>
    /// <returns>Whether there was memory for it.</returns>
    public bool Read(Bytes offset, Span<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (PageAt(offset, out int at, out bool isBehindEnd) is not { } page)
            {
                data.Clear();
                return isBehindEnd;
            }

            Span<byte> rest = page.Data[at..];
            int length = Math.Min(rest.Length, data.Length);
            rest[..length].CopyTo(data);
            page.Put();
            offset += new Bytes((ulong)length);
            data = data[length..];
        }

        return true;
    }

    /// <summary>Writes without any mapping; an end before that moves behind it.</summary>
    /// <param name="offset">Where.</param>
    /// <param name="data">What.</param>
    /// <returns>Whether there was memory for it; not either where the file was truncated meanwhile.</returns>
    [MayBlock]
    public bool Write(Bytes offset, ReadOnlySpan<byte> data)
    {
        ExtendTo(offset + new Bytes((ulong)data.Length));
        while (!data.IsEmpty)
        {
            if (PageAt(offset, out int at, out _) is not { } page)
            {
                return false;
            }

            Span<byte> rest = page.Data[at..];
            int length = Math.Min(rest.Length, data.Length);
            data[..length].CopyTo(rest);
            page.SetDirty();
            page.Put();
            offset += new Bytes((ulong)length);
            data = data[length..];
        }

        return true;
    }

    /// <summary>Writes dirty pages to storage and forgets those that nobody maps. Linux: writing to <c>drop_caches</c>.</summary>
    public void DropCaches()
    {
        using (_lock.Enter())
        {
            foreach ((ulong index, Page page) in new List<KeyValuePair<ulong, Page>>(_cache))
            {
                if (page.ClearDirty())
                {
                    _storage[index] = page.Data.ToArray();
                }

                if (page.References == 1)
                {
                    _cache.Remove(index);
                    page.Put();
                }
            }
        }
    }

    /// <summary>
    /// Ends the file somewhere. What lay behind it is gone, in mappings too, private copies included, and an access there is a fault; where the file
    /// grows again it is zero. Linux: <c>truncate_setsize</c>, <c>unmap_mapping_range</c>.
    /// </summary>
    /// <param name="length">Where it ends from now on; it may also be made longer.</param>
    [MayBlock]
    public void Truncate(Bytes length)
    {
        using (_truncation.Enter())
        {
            EndAt(length);
        }
    }

    /// <summary>Waits for notifiers while no other truncation may begin.</summary>
    [Requires(nameof(_truncation))]
    [MayBlock]
    private void EndAt(Bytes length)
    {
        using (_lock.Enter())
        {
            _end = length;
        }

        // Whoever faults from now on finds the end; those who found a page before have mapped it by the time that it is unmapped.
        ulong kept = CountOf(length);
        _machine.Truncate(this, new Bytes(kept << _machine.BaseShift.Value));
        Drop(length, kept);
    }

    /// <summary>The cached page, read from storage where it was not cached, with a reference of the caller's; null without memory or behind the end.</summary>
    internal Page? GetPage(ulong index, out bool isBehindEnd)
    {
        using (_lock.Enter())
        {
            isBehindEnd = _end is { } end && index >= CountOf(end);
            if (isBehindEnd)
            {
                return null;
            }

            if (!_cache.TryGetValue(index, out Page? page))
            {
                page = _machine.Memory.Allocate();
                if (page is null)
                {
                    return null;
                }

                page.File = this;
                if (_storage.TryGetValue(index, out byte[]? stored))
                {
                    stored.CopyTo(page.Data);
                }

                _cache.Add(index, page);
            }

            page.Get();
            return page;
        }
    }

    /// <summary>Drops the whole cache: the machine goes down.</summary>
    internal void Clear()
    {
        using (_lock.Enter())
        {
            foreach (Page page in _cache.Values)
            {
                page.Put();
            }

            _cache.Clear();
        }
    }

    private Page? PageAt(Bytes offset, out int at, out bool isBehindEnd)
    {
        at = InPage(offset);
        return GetPage(offset.Value >> _machine.BaseShift.Value, out isBehindEnd);
    }

    /// <summary>Waits for a truncation: it drops what lies behind the end that it has set, not what is written behind one that moved meanwhile.</summary>
    [MayBlock]
    private void ExtendTo(Bytes length)
    {
        using (_truncation.Enter())
        using (_lock.Enter())
        {
            _end = _end < length ? length : _end;
        }
    }

    /// <summary>Forgets the pages behind the end, and what is left behind it of the last one.</summary>
    private void Drop(Bytes length, ulong kept)
    {
        int tail = InPage(length);
        using (_lock.Enter())
        {
            foreach ((ulong index, Page page) in new List<KeyValuePair<ulong, Page>>(_cache))
            {
                if (index >= kept)
                {
                    _cache.Remove(index);
                    page.File = null;
                    page.Put();
                }
                else if (index == kept - 1 && tail > 0)
                {
                    page.Data[tail..].Clear();
                    page.SetDirty();
                }
            }

            foreach (ulong index in new List<ulong>(_storage.Keys))
            {
                if (index >= kept)
                {
                    _storage.Remove(index);
                }
                else if (index == kept - 1 && tail > 0)
                {
                    _storage[index].AsSpan(tail).Clear();
                }
            }
        }
    }

    private ulong CountOf(Bytes length) => (length.Value >> _machine.BaseShift.Value) + (InPage(length) == 0 ? 0UL : 1UL);

    private int InPage(Bytes offset) => (int)_machine.BaseShift.OffsetOf(new Address(offset.Value)).Value;
}
