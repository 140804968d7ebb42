// The frames of the simulated machine.
using System;
using System.Collections.Generic;
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// The frames of the simulated machine. A freed frame goes to the end of the line, so that it is reused as late as possible and stale uses
/// show: a quarantine. Safe for any thread.
/// </summary>
public sealed class PhysicalMemory
{
    private readonly SpinMutex _lock = new(LockClass.Named("page_allocator"));
    private readonly ulong _capacity;

    /// <summary>Written under the lock, and only ever grown: whoever knows a frame number may read it without.</summary>
    [Unguarded("a frame number is published after its block")]
    private Page[]?[] _blocks = new Page[]?[64];

    [GuardedBy(nameof(_lock))]
    private int _blockCount;

    [GuardedBy(nameof(_lock))]
    private readonly Queue<Page> _free = [];

    [GuardedBy(nameof(_lock))]
    private ulong _inUse;

    internal PhysicalMemory(PageShift baseShift, ulong capacity)
    {
        BaseShift = baseShift;
        _capacity = capacity;
        BlockLength = (int)PageShift.Huge.PagesOf(baseShift).Value;
        ZeroPage = new Page(this, 0) { IsZeroPage = true };
        _blocks[_blockCount++] = [ZeroPage];
    }

    /// <summary>The size of a base page.</summary>
    public PageShift BaseShift { get; }

    /// <summary>How many frames are in use.</summary>
    public ulong InUse
    {
        get
        {
            using (_lock.Enter())
            {
                return _inUse;
            }
        }
    }

    internal Page ZeroPage { get; }

    /// <summary>Frames in a block: a huge page has one block, and a gigantic page has 512 that follow each other.</summary>
    internal int BlockLength { get; }

    /// <summary>A page of zeros with one reference, the caller's; null where there is no memory. Linux: <c>alloc_page</c>.</summary>
    /// <param name="node">The node to take it from.</param>
    /// <returns>The page.</returns>
    public Page? Allocate(int node = 0)
    {
        if (SchedulePoint.Fails("page"))
        {
            return null;
        }

        Page? page;
        using (_lock.Enter())
        {
            if (_inUse >= _capacity)
            {
                return null;
            }

            if (_free.Count == 0)
            {
                Array.ForEach(AddBlock(device: null), _free.Enqueue);
            }

            page = _free.Dequeue();
            _inUse++;
        }

        page.Begin(node);
        return page;
    }

    /// <summary>The page of a frame number.</summary>
    /// <param name="frame">The number.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    public Page PageOf(ulong frame)
    {
        ulong block = frame / (ulong)BlockLength;
        Page[]?[] blocks = Volatile.Read(ref _blocks);
        return block < (ulong)blocks.Length && blocks[block] is { } pages && frame % (ulong)BlockLength is var at && at < (ulong)pages.Length
            ? pages[at]
            : throw new ArgumentOutOfRangeException(nameof(frame), $"There is no frame {frame:x}.");
    }

    /// <summary>Marks frames that follow each other as newer than their file.</summary>
    internal void SetDirty(ulong first, BasePages count)
    {
        for (ulong frame = first; frame < first + (ulong)count.Value; frame++)
        {
            PageOf(frame).SetDirty();
        }
    }

    /// <summary>Frames that follow each other, each with one reference; null where there is no memory.</summary>
    internal Page[]? AllocateBlocks(BasePages length, int node)
    {
        if (SchedulePoint.Fails("huge page"))
        {
            return null;
        }

        var pages = new Page[length.Value];
        using (_lock.Enter())
        {
            if (_inUse + (ulong)length.Value > _capacity)
            {
                return null;
            }

            for (int at = 0; at < pages.Length; at += BlockLength)
            {
                AddBlock(device: null).CopyTo(pages, at);
            }

            _inUse += (ulong)length.Value;
        }

        Array.ForEach(pages, page => page.Begin(node));
        return pages;
    }

    /// <summary>Frames for device memory, which begin free.</summary>
    internal Page[] ReserveDevice(DeviceMemory device, BasePages length)
    {
        var pages = new List<Page>((int)length.Value);
        using (_lock.Enter())
        {
            while (pages.Count < length.Value)
            {
                pages.AddRange(AddBlock(device));
            }
        }

        return [.. pages[..(int)length.Value]];
    }

    internal void Free(Page page)
    {
        using (_lock.Enter())
        {
            _free.Enqueue(page);
            _inUse--;
        }
    }

    [Requires(nameof(_lock))]
    private Page[] AddBlock(DeviceMemory? device)
    {
        ulong first = (ulong)_blockCount * (ulong)BlockLength;
        var block = new Page[BlockLength];
        for (int i = 0; i < block.Length; i++)
        {
            block[i] = new Page(this, first + (ulong)i, device);
        }

        if (_blockCount == _blocks.Length)
        {
            Page[]?[] longer = _blocks;
            Array.Resize(ref longer, _blockCount * 2);
            Volatile.Write(ref _blocks, longer);
        }

        _blocks[_blockCount++] = block;
        return block;
    }
}
