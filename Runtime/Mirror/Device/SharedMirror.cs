// One mirror of a process for several devices.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Locking.Mirror;

/// <summary>A device that uses a shared mirror: it reads the table, and drops what it took from it when told.</summary>
public interface ISharedDevice
{
    /// <summary>Stops using a range: when it returns, nothing of it is used any more. Runs next to the flushes of other devices.</summary>
    /// <param name="range">The range.</param>
    /// <param name="mayBlock">Whether it may block.</param>
    /// <returns>True; false only where it would block and must not.</returns>
    bool Flush(AddressRange range, bool mayBlock);
}

/// <summary>
/// One mirror of a process for several devices (F23): one notifier and one table that knows no device, instead of one of each for every device. A
/// window is over when the slowest device has flushed; one that must not block is refused where any device would, and those that have flushed
/// stay flushed, which costs them a fault and harms nobody.
/// </summary>
/// <remarks>Safe for any thread. Devices flush while the driver lock is held: they must not fault (R44).</remarks>
public sealed class SharedMirror : IntervalNotifier
{
    private static readonly LockClass s_class = LockClass.Named("shared_mirror");

    [GuardedBy(nameof(DriverLock))]
    private readonly List<ISharedDevice> _devices = [];

    /// <summary>By page number.</summary>
    [GuardedBy(nameof(DriverLock))]
    private readonly Dictionary<ulong, PfnEntry> _table = [];

    /// <summary>Makes a mirror; <see cref="IntervalNotifier.Insert"/> begins it, <see cref="IntervalNotifier.Remove"/> ends it.</summary>
    public SharedMirror()
        : base(new MutexLock(s_class))
    {
    }

    /// <summary>Lets a device use the table, with all that is in it.</summary>
    /// <param name="device">The device.</param>
    /// <exception cref="ArgumentNullException">The device is null.</exception>
    /// <exception cref="InvalidOperationException">It is attached, or this is a callback.</exception>
    [Excludes(nameof(DriverLock))]
    public void Attach(ISharedDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        MmuNotifiers.RefuseInCallback("a device is attached");
        using (DriverLock.Enter())
        {
            if (_devices.Contains(device))
            {
                throw MirrorProtocol.Misuse("A device is attached twice");
            }

            _devices.Add(device);
        }
    }

    /// <summary>Ends a device's use: it has flushed everything when this returns; the table stays for the others.</summary>
    /// <param name="device">The device.</param>
    /// <exception cref="ArgumentNullException">The device is null.</exception>
    /// <exception cref="InvalidOperationException">It is not attached, or this is a callback.</exception>
    [Excludes(nameof(DriverLock))]
    [MayBlock]
    public void Detach(ISharedDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        MmuNotifiers.RefuseInCallback("a device is detached");
        using (DriverLock.Enter())
        {
            if (!_devices.Remove(device))
            {
                throw MirrorProtocol.Misuse("A device is detached that is not attached");
            }

            FlushOne(device, AddressRange.All, mayBlock: true);
        }
    }

    /// <summary>What the table says of an address; nothing where it must be faulted first.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The entry, true as long as the driver lock is held.</returns>
    [Requires(nameof(DriverLock))]
    public PfnEntry Lookup(Address address)
    {
        DriverLock.AssertHeld();
        return _table.GetValueOrDefault(address.Value >> Mm!.BaseShift.Value);
    }

    /// <summary>Faults a range into the table, for all devices.</summary>
    /// <param name="range">The addresses, aligned to base pages.</param>
    /// <param name="isWrite">Whether a device will write.</param>
    /// <returns>Ok; Busy where windows collide for longer than the bound; Fault (the process has exited too), NotPermitted, NoMemory.</returns>
    /// <exception cref="ArgumentException">The range is empty, misaligned, or not covered.</exception>
    /// <exception cref="InvalidOperationException">The mirror is not inserted, this is a callback, or the thread has a window open.</exception>
    [Excludes(nameof(DriverLock))]
    [MayBlock]
    public HmmResult Fault(AddressRange range, bool isWrite)
    {
        AddressSpace mm = Mm ?? throw MirrorProtocol.Misuse("R29: a mirror is used that is not inserted");
        MmuNotifiers.RefuseInCallbackOrWindow("a mirror faults");
        var pages = new HmmRange(this, range, new PfnEntry[mm.BaseShift.BaseIndex(range.Start, range.End).Value], isWrite ? PfnEntry.RequestWrite : PfnEntry.RequestRead);
        if (!pages.Mm.Users.TryGet())
        {
            return HmmResult.Fault;
        }

        try
        {
            return FaultInside(pages);
        }
        finally
        {
            pages.Mm.Users.Put();
        }
    }

    [RequiresShared("pages.Mm.Users")]
    [MayBlock]
    private HmmResult FaultInside(HmmRange pages)
    {
        HmmResult result;
        long end = Environment.TickCount64 + (long)HmmRange.DefaultTimeout.TotalMilliseconds;
        int attempts = 0;
        do
        {
            result = ++attempts % HmmRange.Patience != 0 ? FaultOnce(pages) : FaultUndisturbed(pages);
        }
        while (result is HmmResult.Busy or HmmResult.Again && Environment.TickCount64 < end);
        return result == HmmResult.Again ? HmmResult.Busy : result;
    }

    [RequiresShared("pages.Mm.Users")]
    [MayBlock]
    private HmmResult FaultOnce(HmmRange pages)
    {
        HmmResult result;
        pages.Sequence = ReadBegin();
        using (pages.Mm.MmapSem.EnterRead())
        {
            result = pages.Fault();
        }

        return result == HmmResult.Ok ? Install(pages) : result;
    }

    /// <summary>The same with windows held back, so that none collides; what else is waited for, the next attempt waits for.</summary>
    [RequiresShared("pages.Mm.Users")]
    [MayBlock]
    private HmmResult FaultUndisturbed(HmmRange pages)
    {
        using (pages.Mm.MmapSem.EnterRead())
        {
            using (pages.Mm.HoldWindows())
            {
                return pages.FaultUndisturbed() is var result && result == HmmResult.Ok ? Install(pages) : result;
            }
        }
    }

    /// <inheritdoc/>
    protected internal override bool OnInvalidate(in InvalidateRange range, ulong sequence)
    {
        if (range.IsBlockable)
        {
            DriverLock.Acquire();
        }
        else if (!DriverLock.TryAcquire())
        {
            return false;
        }

        try
        {
            AddressRange part = Range.Clip(range.Range);
            bool isFlushed = Flush(part, range.IsBlockable);
            if (!isFlushed && !range.IsBlockable)
            {
                return false;
            }

            MirrorProtocol.Expect(isFlushed, "R34: a device refused to flush though it may block");
            SetSequence(sequence);
            Erase(part);
            return true;
        }
        finally
        {
            DriverLock.Release();
        }
    }

    /// <summary>Flushes all devices, at once where that may block, and is done when the slowest is.</summary>
    [Requires(nameof(DriverLock))]
    private bool Flush(AddressRange range, bool mayBlock)
    {
        if (mayBlock && _devices.Count > 1)
        {
            int refused = 0;
            Parallel.ForEach(_devices, device => Interlocked.Add(ref refused, FlushOne(device, range, mayBlock: true) ? 0 : 1));
            return refused == 0;
        }

        return _devices.TrueForAll(device => FlushOne(device, range, mayBlock));
    }

    /// <summary>A callback, on whatever thread; what throws has not flushed.</summary>
    private static bool FlushOne(ISharedDevice device, AddressRange range, bool mayBlock)
    {
        int depth = 0;
        try
        {
            using var scope = new MmuNotifiers.CallbackScope(ref depth);
            return device.Flush(range, mayBlock);
        }
        catch (Exception e) when (e is not LockdepException)
        {
            MirrorProtocol.CallbackThrew("Flush", e);
            return false;
        }
    }

    /// <summary>Takes a range out of the table, by its pages or by what is in the table, whichever are fewer.</summary>
    [Requires(nameof(DriverLock))]
    private void Erase(AddressRange range)
    {
        int shift = Mm!.BaseShift.Value;
        if (_table.Count < (long)(range.Length.Value >> shift))
        {
            foreach (ulong page in _table.Keys)
            {
                if (range.Contains(new Address(page << shift)))
                {
                    _table.Remove(page);
                }
            }

            return;
        }

        for (ulong page = range.Start.Value >> shift; page <= range.Last >> shift; page++)
        {
            _table.Remove(page);
        }
    }

    private HmmResult Install(HmmRange pages)
    {
        using (DriverLock.Enter())
        {
            if (ReadRetry(pages.Sequence))
            {
                return HmmResult.Busy;
            }

            InstallCurrent(pages);
            return HmmResult.Ok;
        }
    }

    [Requires(nameof(DriverLock), "Current")]
    private void InstallCurrent(HmmRange pages)
    {
        ulong first = pages.Range.Start.Value >> Mm!.BaseShift.Value;
        for (int i = 0; i < pages.Entries.Length; i++)
        {
            _table[first + (ulong)i] = pages.Entries.Span[i];
        }
    }
}
