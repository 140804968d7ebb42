// Where reclaim puts the content of anonymous pages.
using System;
using System.Collections.Generic;

namespace Locking.Mirror;

/// <summary>Contents of anonymous pages that are not in memory, each with a count of the entries that refer to it. Safe for any thread.</summary>
internal sealed class SwapSpace
{
    private readonly SpinMutex _lock = new(LockClass.Named("swap"));

    [GuardedBy(nameof(_lock))]
    private readonly Dictionary<ulong, (byte[] Content, int Uses)> _slots = [];

    [GuardedBy(nameof(_lock))]
    private ulong _next = 1;

    public int Count
    {
        get
        {
            using (_lock.Enter())
            {
                return _slots.Count;
            }
        }
    }

    /// <summary>Stores a content for one entry; null where there is no room.</summary>
    public ulong? Store(ReadOnlySpan<byte> content)
    {
        if (SchedulePoint.Fails("swap"))
        {
            return null;
        }

        byte[] copy = content.ToArray();
        using (_lock.Enter())
        {
            _slots.Add(_next, (copy, 1));
            return _next++;
        }
    }

    public void Read(ulong slot, Span<byte> content)
    {
        byte[] stored;
        using (_lock.Enter())
        {
            stored = _slots[slot].Content;
        }

        stored.CopyTo(content);
    }

    /// <summary>One more entry refers to it.</summary>
    public void Duplicate(ulong slot)
    {
        using (_lock.Enter())
        {
            (byte[] content, int uses) = _slots[slot];
            _slots[slot] = (content, uses + 1);
        }
    }

    /// <summary>One entry less refers to it.</summary>
    public void Free(ulong slot)
    {
        using (_lock.Enter())
        {
            (byte[] content, int uses) = _slots[slot];
            if (uses == 1)
            {
                _slots.Remove(slot);
            }
            else
            {
                _slots[slot] = (content, uses - 1);
            }
        }
    }
}
