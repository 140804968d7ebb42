// The simulated device over the interface of 5.2, with its mistakes: a flag that becomes true again, a refused window that stays counted, no user reference.
using System;
using System.Collections.Generic;
using Locking.Mirror;

namespace Locking.Tests.Mirror.SelfTest;

internal sealed partial class Dmirror
{
    private Hmm52? _hmm52;

    private void UseMirror52()
    {
        _hmm52 = new Hmm52(this);
        MmuNotifiers.Register(_hmm52, Mm);
    }

    private void Unuse52()
    {
        if (_hmm52 is not null)
        {
            Mm.Notifiers.Unregister(_hmm52);
        }
    }

    /// <summary>The loop of the documentation of 5.2: wait until the flag is true, walk, and believe the flag under the driver lock.</summary>
    private MmResult Populate52(AddressRange piece, bool faults, bool isWrite, Span<byte> bytes)
    {
        Range52 range = new(piece);
        if (!_hmm52!.TryAdd(range))
        {
            return MmResult.Fault;
        }

        var entries = new PfnEntry[Count(piece)];
        MmResult result = MmResult.Busy;
        bool isDone = false;
        while (!isDone && !IsOverdue())
        {
            if (_hmm52.IsDead)
            {
                result = MmResult.Fault;
                break;
            }

            SchedulePoint.Reach("fault.after-sequence");
            using (Mm.MmapSem.EnterRead())
            {
                result = Walk52(range, entries, !faults ? default : isWrite ? PfnEntry.RequestWrite : PfnEntry.RequestRead);
            }

            SchedulePoint.Reach("fault.before-lock");
            using (DriverLock.Enter())
            {
                isDone = result is not (MmResult.Ok or MmResult.Busy) || (result == MmResult.Ok && range.IsValid);
                for (int i = 0; i < entries.Length && isDone && faults && result == MmResult.Ok; i++)
                {
                    Install(piece.Start + Shift.ToBytes(new BasePages(i)), Mm.Memory.PageOf(entries[i].Frame), entries[i].IsWritable ? Tag.Write : Tag.Read);
                }
            }
        }

        _hmm52.Remove(range);
        for (int i = 0; i < bytes.Length && i < entries.Length && result == MmResult.Ok; i++)
        {
            bytes[i] = Describe(PfnEntry.Of(entries[i].Frame, entries[i].IsWritable) is var plain && entries[i].IsValid ? plain : entries[i]);
        }

        return isDone || result == MmResult.Fault ? result : MmResult.Busy;
    }

    [RequiresShared("Mm.MmapSem")]
    private MmResult Walk52(Range52 range, PfnEntry[] entries, PfnEntry request)
    {
        for (Address at = range.Addresses.Start; at < range.Addresses.End;)
        {
            if (Mm.VmaAt(at) is not { } vma || vma.Is(VmaFlags.NotMirrored | VmaFlags.MixedMap))
            {
                return MmResult.Fault;
            }

            if (!vma.Is(VmaFlags.Read))
            {
                return MmResult.NotPermitted;
            }

            at = vma.Range.End;
        }

        var walk = new HmmWalk(Mm, range.Addresses, entries, request, usesEntries: false, HmmWalk.AnyOwner, FaultFlags.Remote);
        HmmResult result;
        do
        {
            result = walk.Continue();
        }
        while (result == HmmResult.Busy && range.IsValid);
        return (MmResult)(int)result;
    }

    private sealed class Range52(AddressRange addresses)
    {
        public AddressRange Addresses => addresses;

        public bool IsValid { get; set; }
    }

    /// <summary>Linux: <c>struct hmm</c> of 5.2.</summary>
    private sealed class Hmm52(Dmirror device) : MmuNotifier
    {
        private readonly MutexLock _lock = new(LockClass.Named("test.hmm52.lock"));
        private readonly List<Range52> _ranges = [];
        private int _windows;

        /// <summary>The news of the exit, which may come right after it was looked at (R02, R07).</summary>
        public bool IsDead { get; private set; }

        public bool TryAdd(Range52 range)
        {
            using (_lock.Enter())
            {
                range.IsValid = _windows == 0;
                _ranges.Add(range);
                return !IsDead;
            }
        }

        public void Remove(Range52 range)
        {
            using (_lock.Enter())
            {
                _ranges.Remove(range);
            }
        }

        protected internal override NotifierResult OnInvalidateStart(in InvalidateRange range)
        {
            AddressRange window = range.Range;
            Count(+1, known => known.IsValid &= !known.Addresses.Overlaps(window));
            if (range.IsBlockable)
            {
                device.DriverLock.Acquire();
            }
            else if (!device.DriverLock.TryAcquire())
            {
                // The window stays counted (R32).
                return NotifierResult.Again;
            }

            device.Erase(window, keepsDevice: false);
            device.DriverLock.Release();
            return NotifierResult.Ok;
        }

        protected internal override void OnInvalidateEnd(in InvalidateRange range) => Count(-1, known => known.IsValid |= _windows == 0);

        protected internal override void OnRelease()
        {
            IsDead = true;
            Count(0, known => known.IsValid = false);
            using (device.DriverLock.Enter())
            {
                device.Erase(AddressRange.All, keepsDevice: false);
            }
        }

        private void Count(int windows, Action<Range52> change)
        {
            using (_lock.Enter())
            {
                _windows += windows;
                _ranges.ForEach(change);
            }
        }
    }
}
