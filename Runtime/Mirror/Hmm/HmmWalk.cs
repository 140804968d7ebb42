// The walk of a range over mappings and entries.
using System;
using System.Numerics;
using System.Threading;

namespace Locking.Mirror;

/// <summary>
/// The walk of a range over mappings and entries: answers, or faults and says so. Without locks on the tables: what changes meanwhile comes with
/// a window, and the sequence tells. Linux: <c>hmm_vma_walk</c> and its callbacks.
/// </summary>
internal ref struct HmmWalk(AddressSpace mm, AddressRange range, Span<PfnEntry> entries, PfnEntry request, bool usesEntries, object? owner, FaultFlags flags)
{
    /// <summary>Pages of every owner are answered, unless the request says otherwise: before 5.6.</summary>
    public static readonly object AnyOwner = new();

    /// <summary>In a request: private device pages are to be migrated back. Only meaningful with <see cref="AnyOwner"/>.</summary>
    public const ulong RequestMigration = 1UL << 55;

    private readonly Span<PfnEntry> _entries = entries;
    private readonly bool _mayAsk = usesEntries || request != PfnEntry.None;
    private Address _at = range.Start;

    /// <summary>Where it stopped.</summary>
    public readonly Address At => _at;

    /// <summary>How many base pages have been answered.</summary>
    public readonly int Answered => IndexOf(_at);

    /// <summary>Goes on where it stopped. Busy: something was faulted, look again. Again: a page migrates, and the caller waits without the semaphore.</summary>
    [MayBlock]
    public HmmResult Continue()
    {
        while (_at < range.End)
        {
            SchedulePoint.Reach("walk");
            mm.AssertWalk();
            Vma? vma = mm.FindVma(_at);
            Address start = vma is null ? range.End : Address.Min(Address.Max(vma.Range.Start, _at), range.End);
            HmmResult result = start > _at ? Refuse(start) : vma!.Is(VmaFlags.NotMirrored) || !vma.Is(VmaFlags.Read)
                ? Refuse(Address.Min(vma.Range.End, range.End))
                : WalkVma(vma);
            if (result != HmmResult.Ok)
            {
                return result;
            }
        }

        return HmmResult.Ok;
    }

    /// <summary>Addresses that nobody may mirror: errors, or a failure where they are asked for.</summary>
    private HmmResult Refuse(Address end)
    {
        if (FirstAsked(_at, end) is not null)
        {
            return HmmResult.Fault;
        }

        _entries[IndexOf(_at)..IndexOf(end)].Fill(PfnEntry.Error);
        _at = end;
        return HmmResult.Ok;
    }

    private HmmResult WalkVma(Vma vma)
    {
        Address end = Address.Min(vma.Range.End, range.End);
        foreach (PteRun run in mm.PageTable.Runs(new AddressRange(_at, end)))
        {
            HmmResult result = run.Node is null ? WalkHole(vma, run.Range) : run.IsHuge ? WalkHuge(vma, run) : WalkLeaf(vma, run);
            if (result != HmmResult.Ok)
            {
                return result;
            }
        }

        return HmmResult.Ok;
    }

    private HmmResult WalkHole(Vma vma, AddressRange hole)
    {
        if (FirstAsked(hole.Start, hole.End) is { } asked)
        {
            // Every page of the hole at once, so that the walk over it is repeated once and not for each page.
            HmmResult result = HmmResult.Busy;
            for (Address at = asked; at < hole.End && result == HmmResult.Busy; at += mm.BaseShift.Size)
            {
                PfnEntry wanted = Wanted(IndexOf(at));
                result = Asks(wanted) ? Fault(vma, at, (wanted.Value & PfnEntry.WriteBit) != 0) : HmmResult.Busy;
            }

            return result;
        }

        _entries[IndexOf(hole.Start)..IndexOf(hole.End)].Clear();
        _at = hole.End;
        return HmmResult.Ok;
    }

    private HmmResult WalkHuge(Vma vma, PteRun run)
    {
        Pte entry = run.Node!.Read(run.Index);
        if (entry.IsNone)
        {
            // Split or taken away meanwhile: the sequence will tell.
            return HmmResult.Busy;
        }

        PageShift shift = run.Node.Shift;
        int order = BitOperations.Log2((ulong)shift.PagesOf(mm.BaseShift).Value);
        Pte first = entry.Plus(shift.OffsetOf(run.Range.Start).Value >> mm.BaseShift.Value);
        int end = IndexOf(run.Range.End);
        int from = IndexOf(_at);
        for (int i = from; i < end; i++)
        {
            HmmResult result = Answer(vma, i, first.Plus((ulong)(i - from)), order);
            if (result != HmmResult.Ok)
            {
                return result;
            }

            _at += mm.BaseShift.Size;
        }

        return HmmResult.Ok;
    }

    private HmmResult WalkLeaf(Vma vma, PteRun run)
    {
        ReadOnlySpan<ulong> slots = run.Node!.Entries.AsSpan(run.Index, run.Count);
        Span<PfnEntry> answers = _entries.Slice(IndexOf(run.Range.Start), run.Count);
        bool isWrite = Asks(request) && (request.Value & PfnEntry.WriteBit) != 0;
        for (int i = 0; i < slots.Length; i++)
        {
            i += usesEntries ? 0 : EntryVectors.TakePresent(slots[i..], answers[i..], isWrite);
            if (i == slots.Length)
            {
                break;
            }

            ulong slot = Volatile.Read(in slots[i]);
            if (!_mayAsk && (slot & Pte.KindMask) == (ulong)PteKind.Present)
            {
                answers[i] = Present(slot);
                continue;
            }

            _at = run.Range.Start + mm.BaseShift.ToBytes(new BasePages(i));
            HmmResult result = Answer(vma, IndexOf(_at), new Pte(slot), order: 0);
            if (result != HmmResult.Ok)
            {
                return result;
            }
        }

        _at = run.Range.End;
        return HmmResult.Ok;
    }

    /// <summary>The usual entry, in as few operations as there are: its write bit and its frame move, the rest falls out.</summary>
    private static PfnEntry Present(ulong slot) =>
        new(PfnEntry.ValidBit | ((slot & Pte.WriteBit) << 58) | (slot >> Pte.FrameShift));

    /// <summary>The decision for one entry. Linux: <c>hmm_vma_handle_pte</c>.</summary>
    private HmmResult Answer(Vma vma, int index, Pte entry, int order)
    {
        PfnEntry wanted = Wanted(index);
        bool isOwn = entry.Kind == PteKind.DevicePrivate && IsOwn(entry, wanted);
        if (isOwn || entry.IsPresent)
        {
            bool isMissing = !isOwn && (wanted.Value & PfnEntry.WriteBit) != 0 && Asks(wanted) && !entry.IsWritable;
            if (isMissing)
            {
                return Fault(vma, AddressOf(index), isWrite: true);
            }

            _entries[index] = PfnEntry.Of(entry.Frame, entry.IsWritable, order);
            return HmmResult.Ok;
        }

        if (entry.Kind is PteKind.Special or PteKind.Poisoned)
        {
            _entries[index] = PfnEntry.Error;
            return Asks(wanted) ? HmmResult.Fault : HmmResult.Ok;
        }

        if (Asks(wanted))
        {
            return Fault(vma, AddressOf(index), (wanted.Value & PfnEntry.WriteBit) != 0);
        }

        _entries[index] = PfnEntry.None;
        return HmmResult.Ok;
    }

    private readonly HmmResult Fault(Vma vma, Address address, bool isWrite)
    {
        if (isWrite && !vma.Is(VmaFlags.Write))
        {
            return HmmResult.NotPermitted;
        }

        return mm.HandleFault(vma, address, flags | (isWrite ? FaultFlags.Write : FaultFlags.Read)) switch
        {
            FaultResult.Ok => HmmResult.Busy,
            FaultResult.Retry => HmmResult.Again,
            FaultResult.NoMemory => HmmResult.NoMemory,
            _ => HmmResult.Fault,
        };
    }

    private readonly bool IsOwn(Pte entry, PfnEntry wanted) =>
        owner == AnyOwner ? (wanted.Value & RequestMigration) == 0 : mm.Memory.PageOf(entry.Frame).Device!.Owner == owner;

    private readonly PfnEntry Wanted(int index) => usesEntries ? new PfnEntry(_entries[index].Value | request.Value) : request;

    private static bool Asks(PfnEntry wanted) => (wanted.Value & PfnEntry.ValidBit) != 0;

    private readonly Address? FirstAsked(Address start, Address end)
    {
        for (Address at = start; _mayAsk && at < end; at += mm.BaseShift.Size)
        {
            if (Asks(Wanted(IndexOf(at))))
            {
                return at;
            }
        }

        return null;
    }

    private readonly int IndexOf(Address address) => (int)mm.BaseShift.BaseIndex(range.Start, address).Value;

    private readonly Address AddressOf(int index) => range.Start + mm.BaseShift.ToBytes(new BasePages(index));
}
