// A page frame of the simulated machine.
using System;
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// A page frame: its content, who refers to it, and what it is used for. Linux: <c>struct page</c>. Safe for any thread; the content is
/// protected by whoever maps the page, as that of real memory is.
/// </summary>
/// <remarks>
/// Every frame counts alone, also in a huge mapping, so that splitting one changes no count. The generation changes each time the frame is
/// freed: who stored it together with the frame can tell an old use from a new one.
/// </remarks>
public sealed class Page
{
    /// <summary>Who waits for a page sleeps on one of these: a queue of its own in each page would cost more than it is worth. Linux: <c>folio_wait_table</c>.</summary>
    private static readonly object[] s_waiters = Array.ConvertAll(new object[64], _ => new object());

    private byte[]? _data;
    private int _references;
    private int _mappings;
    private int _generation;
    private int _isLocked;
    private int _isDirty;

    internal Page(PhysicalMemory memory, ulong frame, DeviceMemory? device = null)
    {
        Memory = memory;
        Frame = frame;
        Device = device;
    }

    /// <summary>The frame number.</summary>
    public ulong Frame { get; }

    /// <summary>How many references there are: one of each mapping, one of each user. Zero: free.</summary>
    public int References => Volatile.Read(ref _references);

    /// <summary>Whether nobody refers to it.</summary>
    public bool IsFree => !IsZeroPage && References == 0;

    /// <summary>How many page-table entries map it. Linux: <c>page_mapcount</c>.</summary>
    public int Mappings => Volatile.Read(ref _mappings);

    /// <summary>How often the frame was freed.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Whether its content is newer than its file.</summary>
    public bool IsDirty => Volatile.Read(ref _isDirty) != 0;

    /// <summary>Whether somebody locked it.</summary>
    public bool IsLocked => Volatile.Read(ref _isLocked) != 0;

    /// <summary>The device memory it belongs to; null for system memory. Linux: <c>page_pgmap</c>.</summary>
    public DeviceMemory? Device { get; }

    /// <summary>What the driver of its device memory keeps with it, such as the page behind a placeholder. Linux: <c>zone_device_data</c>.</summary>
    public object? DriverData { get; set; }

    /// <summary>The node it is local to.</summary>
    public int Node { get; internal set; }

    /// <summary>The content.</summary>
    /// <exception cref="InvalidOperationException">It is a private device page: only its driver knows where the content is.</exception>
    public Span<byte> Data
    {
        get
        {
            if (Device is { Kind: DeviceMemoryKind.Private })
            {
                MirrorProtocol.Report($"INV-02: the content of frame {Frame:x} is asked for, a placeholder for private device memory");
                throw new InvalidOperationException("A private device page is a placeholder without content.");
            }

            return _data ?? MakeData();
        }
    }

    internal PhysicalMemory Memory { get; }

    internal MemoryFile? File { get; set; }

    /// <summary>Whether it is the page of zeros that every address space reads where nothing was written.</summary>
    internal bool IsZeroPage { get; init; }

    /// <summary>Whether its memory failed: accessing it is an error.</summary>
    internal bool IsPoisoned { get; set; }

    private object Waiters => s_waiters[Frame % (ulong)s_waiters.Length];

    /// <summary>One more reference; the caller is certain that there is one. Linux: <c>get_page</c>.</summary>
    /// <exception cref="InvalidOperationException">The page is free.</exception>
    public void Get()
    {
        if (!IsZeroPage && Interlocked.Increment(ref _references) <= 1)
        {
            Interlocked.Decrement(ref _references);
            throw MirrorProtocol.Misuse($"Frame {Frame:x} is free, and somebody refers to it");
        }
    }

    /// <summary>One less; the last frees the page. Linux: <c>put_page</c>.</summary>
    /// <exception cref="InvalidOperationException">The page is free.</exception>
    public void Put()
    {
        if (IsZeroPage)
        {
            return;
        }

        int left = Interlocked.Decrement(ref _references);
        if (left < 0)
        {
            Interlocked.Increment(ref _references);
            throw MirrorProtocol.Misuse($"Frame {Frame:x} is put once too often");
        }

        if (left == 0)
        {
            Free();
        }
    }

    /// <summary>Marks the content as newer than the file. Linux: <c>set_page_dirty</c>.</summary>
    public void SetDirty()
    {
        // Looked at first: most are dirty already, and writing takes the cache line from others.
        if (!IsDirty)
        {
            Volatile.Write(ref _isDirty, 1);
        }
    }

    /// <summary>Locks it unless it is locked. Linux: <c>trylock_page</c>.</summary>
    /// <returns>Whether the caller locked it.</returns>
    [MustNotBlock]
    public bool TryLock() => Interlocked.CompareExchange(ref _isLocked, 1, 0) == 0;

    /// <summary>Unlocks it and wakes who waits. Linux: <c>unlock_page</c>.</summary>
    public void Unlock()
    {
        lock (Waiters)
        {
            Volatile.Write(ref _isLocked, 0);
            Monitor.PulseAll(Waiters);
        }
    }

    /// <summary>Waits until it is not locked: until its migration is over. Linux: <c>migration_entry_wait</c>.</summary>
    [MayBlock]
    internal void WaitUnlocked()
    {
        Lockdep.MightBlock("Waiting for a page");
        lock (Waiters)
        {
            while (IsLocked)
            {
                Monitor.Wait(Waiters);
            }
        }
    }

    internal void AddMapping()
    {
        if (!IsZeroPage)
        {
            Interlocked.Increment(ref _mappings);
        }
    }

    internal void RemoveMapping()
    {
        if (!IsZeroPage && Interlocked.Decrement(ref _mappings) < 0)
        {
            MirrorProtocol.Report($"Frame {Frame:x} is unmapped once too often");
        }
    }

    internal bool ClearDirty() => Interlocked.Exchange(ref _isDirty, 0) != 0;

    /// <summary>Begins its use: one reference, no content but zeros.</summary>
    internal void Begin(int node)
    {
        Node = node;
        (_isDirty, IsPoisoned, DriverData) = (0, false, null);
        _data?.AsSpan().Clear();
        Volatile.Write(ref _references, 1);
    }

    private void Free()
    {
        MirrorProtocol.Expect(Mappings == 0, $"Frame {Frame:x} is freed while it is mapped");
        Interlocked.Increment(ref _generation);
        if (Device is not null)
        {
            Device.Free(this);
        }
        else
        {
            File = null;
            Memory.Free(this);
        }
    }

    private byte[] MakeData()
    {
        byte[] made = new byte[Memory.BaseShift.Size.Value];
        return Interlocked.CompareExchange(ref _data, made, null) ?? made;
    }
}
