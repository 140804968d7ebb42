// A file in memory, with a page cache.
using System;
using System.Collections.Generic;

namespace Locking.Mirror;

/// <summary>
/// A file: storage, and a page cache that shared mappings map. What is written through a mapping reaches the storage only where the page was
/// marked dirty, so a lost mark is lost data. Shared anonymous memory is a file without a name. Safe for any thread.
/// </summary>
public sealed class MemoryFile
{
    private readonly MutexLock _lock = new(LockClass.Named("page_cache"));
    private readonly PhysicalMemory _memory;

    [GuardedBy(nameof(_lock))]
    private readonly Dictionary<ulong, Page> _cache = [];

    [GuardedBy(nameof(_lock))]
    private readonly Dictionary<ulong, byte[]> _storage = [];

    internal MemoryFile(PhysicalMemory memory) => _memory = memory;

    /// <summary>Reads without any mapping; what was never written is zero.</summary>
    /// <param name="offset">Where.</param>
    /// <param name="data">What was read.</param>
    /// <returns>Whether there was memory for it.</returns>
    public bool Read(Bytes offset, Span<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (PageAt(offset, out int at) is not { } page)
            {
                return false;
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

    /// <summary>Writes without any mapping.</summary>
    /// <param name="offset">Where.</param>
    /// <param name="data">What.</param>
    /// <returns>Whether there was memory for it.</returns>
    public bool Write(Bytes offset, ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (PageAt(offset, out int at) is not { } page)
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

    /// <summary>The cached page, read from storage where it was not cached, with a reference of the caller's; null without memory.</summary>
    internal Page? GetPage(ulong index)
    {
        using (_lock.Enter())
        {
            if (!_cache.TryGetValue(index, out Page? page))
            {
                page = _memory.Allocate();
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

    private Page? PageAt(Bytes offset, out int at)
    {
        at = (int)(offset.Value & (_memory.BaseShift.Size.Value - 1));
        return GetPage(offset.Value >> _memory.BaseShift.Value);
    }
}
