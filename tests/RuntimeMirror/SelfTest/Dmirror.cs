// The simulated device of the kernel's HMM self-test: a mirror of one address space.
using System;
using System.Collections.Generic;
using System.Linq;
using Locking.Mirror;

namespace Locking.Tests.Mirror.SelfTest;

/// <summary>
/// One open of the device: a table from pages to frames, which is right only as long as its notifier takes entries out in time. Linux:
/// <c>struct dmirror</c> of lib/test_hmm.c, without its weaknesses T01 to T12.
/// </summary>
internal sealed partial class Dmirror : IntervalNotifier
{
    /// <summary>Pages a fault or a snapshot handles at once.</summary>
    private const int Piece = 64;

    private static readonly LockClass s_class = LockClass.Named("dmirror.mutex");

    [GuardedBy("DriverLock")]
    private readonly Dictionary<ulong, Entry> _table = [];

    public Dmirror(DmirrorDevice device, AddressSpace mm)
        : base(new MutexLock(s_class))
    {
        Device = device;
        mm.Grabs.Grab();
        mm.Grabs.Disown();
        Insert(mm, AddressRange.All);
        device.Add(this);
    }

    public enum Tag
    {
        Read,
        Write,
        Exclusive,
    }

    public DmirrorDevice Device { get; }

    /// <summary>How many pages the last command handled.</summary>
    public int Pages { get; private set; }

    /// <summary>How many times the last command faulted.</summary>
    public int Faults { get; private set; }

    /// <summary>How long collisions are repeated.</summary>
    public Func<bool> IsOverdue { get; set; } = () => false;

    private new AddressSpace Mm => base.Mm!;

    private PageShift Shift => Mm.BaseShift;

    public void Close()
    {
        _adapter?.Unregister();
        Unuse52();
        Remove();
        Device.Remove(this);
        Device.Release();
        using (DriverLock.Enter())
        {
            _table.Clear();
        }

        Mm.Grabs.Adopt();
        Mm.Grabs.Drop();
    }

    /// <summary>Copies from the device's view.</summary>
    public MmResult Read(AddressRange range, Span<byte> data) => Access(range, data, isWrite: false);

    /// <summary>Copies into the device's view.</summary>
    public MmResult Write(AddressRange range, ReadOnlySpan<byte> data)
    {
        byte[] copy = data.ToArray();
        return Access(range, copy, isWrite: true);
    }

    /// <summary>Whether the device has any entry in a range.</summary>
    public bool HasEntries(AddressRange range)
    {
        using (DriverLock.Enter())
        {
            return _table.Keys.Any(page => range.Contains(new Address(page << Shift.Value)));
        }
    }

    protected internal override bool OnInvalidate(in InvalidateRange range, ulong sequence)
    {
        SchedulePoint.Reach("op");
        if (range.IsBlockable)
        {
            DriverLock.Acquire();
        }
        else if (!DriverLock.TryAcquire())
        {
            return false;
        }

        // T01: the sequence is set whoever migrates. T02: what goes to own device memory is taken from the table before it is copied.
        SetSequence(sequence);
        bool isOwn = range.Event is InvalidateEvent.Migrate or InvalidateEvent.Exclusive && range.Owner == Device;
        if (_adapter is null && _hmm52 is null)
        {
            Erase(range.Range, keepsDevice: isOwn && range.Event == InvalidateEvent.Migrate);
        }

        DriverLock.Release();
        return true;
    }

    [Requires("DriverLock")]
    internal void Erase(AddressRange range, bool keepsDevice)
    {
        List<ulong> gone = [.. _table.Where(item => range.Contains(new Address(item.Key << Shift.Value)) && !(keepsDevice && item.Value.IsDevice)).Select(item => item.Key)];
        gone.ForEach(page => _table.Remove(page));
    }

    private MmResult Access(AddressRange range, Span<byte> data, bool isWrite)
    {
        (int pages, int faults) = (0, 0);
        if (!IsCommand(range))
        {
            return MmResult.Invalid;
        }

        var bounce = data.ToArray().AsSpan();
        Address at = range.Start;
        while (true)
        {
            using (DriverLock.Enter())
            {
                at = CopyUntilMissing(range, at, bounce, isWrite);
            }

            if (at >= range.End)
            {
                break;
            }

            faults++;
            MmResult result = Fault(new AddressRange(at, range.End), isWrite);
            if (result != MmResult.Ok)
            {
                return result;
            }
        }

        bounce.CopyTo(data);
        pages = Count(range);
        (Pages, Faults) = (pages, faults);
        return MmResult.Ok;
    }

    private bool IsCommand(AddressRange range) => range.IsValid && Shift.IsAligned(range.Start) && Shift.IsAligned(range.End);

    private int Count(AddressRange range) => (int)Shift.BaseIndex(range.Start, range.End).Value;

    private ulong Key(Address address) => address.Value >> Shift.Value;

    /// <summary>Copies page by page; answers where an entry is missing or does not allow it.</summary>
    [Requires("DriverLock")]
    private Address CopyUntilMissing(AddressRange range, Address at, Span<byte> data, bool isWrite)
    {
        for (; at < range.End; at += Shift.Size)
        {
            if (!_table.TryGetValue(Key(at), out Entry? entry) || (isWrite && entry.Tag == Tag.Read))
            {
                return at;
            }

            Span<byte> part = data.Slice((int)(at - range.Start).Value, (int)Shift.Size.Value);
            Span<byte> content = entry.Content();
            if (isWrite)
            {
                part.CopyTo(content);
                entry.Page.SetDirty();
            }
            else
            {
                content.CopyTo(part);
            }
        }

        return at;
    }

    private MmResult Fault(AddressRange range, bool isWrite)
    {
        // 5.2 took no user reference, neither by the range nor by its drivers (R01).
        if (_hmm52 is null && !Mm.Users.TryGet())
        {
            return MmResult.Fault;
        }

        SchedulePoint.Reach("fault.got-mm");
        MmResult result = MmResult.Ok;
        for (Address at = range.Start; at < range.End && result == MmResult.Ok; at += Shift.ToBytes(new BasePages(Piece)))
        {
            result = FaultPiece(new AddressRange(at, Address.Min(range.End, at + Shift.ToBytes(new BasePages(Piece)))), isWrite);
        }

        // Outside of all locks: it may be the last user (R05).
        if (_hmm52 is null)
        {
            Mm.Users.Put();
        }

        return result;
    }

    private MmResult FaultPiece(AddressRange piece, bool isWrite)
    {
        if (_adapter is not null)
        {
            return FaultPiece53(piece, isWrite);
        }

        if (_hmm52 is not null)
        {
            return Populate52(piece, faults: true, isWrite, []);
        }

        var range = new HmmRange(this, piece, new PfnEntry[Count(piece)], isWrite ? PfnEntry.RequestWrite : PfnEntry.RequestRead, owner: Device);
        while (!IsOverdue())
        {
            range.Sequence = ReadBegin();
            SchedulePoint.Reach("fault.after-sequence");
            HmmResult result;
            using (Mm.MmapSem.EnterRead())
            {
                result = range.Fault();
            }

            SchedulePoint.Reach("fault.after-walk");
            if (result is not (HmmResult.Ok or HmmResult.Busy))
            {
                return (MmResult)(int)result;
            }

            if (result == HmmResult.Busy || !TryInstall(range, isWrite, out Address? readOnly))
            {
                continue;
            }

            if (readOnly is not { } own)
            {
                return MmResult.Ok;
            }

            // T05: an own private page that may only be read is migrated back first, and faulted for writing then.
            MoveBack(AddressRange.Of(own, Shift.Size));
        }

        return MmResult.Busy;
    }

    private bool TryInstall(HmmRange range, bool isWrite, out Address? readOnly)
    {
        readOnly = null;
        SchedulePoint.Reach("fault.before-lock");
        using (DriverLock.Enter())
        {
            SchedulePoint.Reach("fault.locked");
            if (ReadRetry(range.Sequence))
            {
                return false;
            }

            for (int i = 0; i < range.Entries.Length; i++)
            {
                PfnEntry entry = range.Entries.Span[i];
                Address at = range.Range.Start + Shift.ToBytes(new BasePages(i));
                if (isWrite && !entry.IsWritable)
                {
                    readOnly ??= at;
                    continue;
                }

                Install(at, Mm.Memory.PageOf(entry.Frame), entry.IsWritable ? Tag.Write : Tag.Read);
            }
        }

        return true;
    }

    /// <summary>T04: of a private device page the page behind it is installed, not the placeholder.</summary>
    [Requires("DriverLock")]
    private void Install(Address at, Page page, Tag tag) => _table[Key(at)] = new Entry(page.DriverData as Page ?? page, tag, page.Device is not null);

    private sealed class Entry(Page page, Tag tag, bool isDevice)
    {
        private readonly int _generation = page.Generation;

        public Page Page { get; } = page;

        public Tag Tag { get; } = tag;

        public bool IsDevice { get; } = isDevice;

        /// <summary>INV-02: the content, of a page that was not freed since it was installed.</summary>
        public Span<byte> Content()
        {
            MirrorProtocol.Expect(Page.Generation == _generation && !Page.IsFree, "INV-02: the device uses a page that was freed");
            return Page.Data;
        }
    }
}
