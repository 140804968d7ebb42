// The simulated device of the self-test: snapshots, migration, exclusive access.
using System;
using System.Collections.Generic;
using System.Linq;
using Locking.Mirror;

namespace Locking.Tests.Mirror.SelfTest;

internal sealed partial class Dmirror
{
    /// <summary>One byte of the answer of a snapshot. The upper half is a number, not bits.</summary>
    public static class Byte
    {
        public const byte Error = 0xFF, None = 0, Read = 1, Write = 2, Pmd = 4, Pud = 8, Zero = 0x10;
        public const byte PrivateLocal = 0x20, PrivateRemote = 0x30, CoherentLocal = 0x40, CoherentRemote = 0x50;
    }

    public MmResult Snapshot(AddressRange range, byte[] bytes)
    {
        if (!IsCommand(range) || !Mm.Users.TryGet())
        {
            return MmResult.Invalid;
        }

        MmResult result = MmResult.Ok;
        for (int first = 0; first < Count(range) && result == MmResult.Ok; first += Piece)
        {
            AddressRange piece = AddressRange.Of(range.Start + Shift.ToBytes(new BasePages(first)), Shift.ToBytes(new BasePages(Math.Min(Piece, Count(range) - first))));
            Span<byte> part = bytes.AsSpan(first);
            result = _adapter is not null ? SnapshotPiece53(piece, part) : _hmm52 is not null ? Populate52(piece, faults: false, isWrite: false, part) : SnapshotPiece(piece, part);
        }

        Mm.Users.Put();
        Pages = result == MmResult.Ok ? Count(range) : Pages;
        return result;
    }

    public MmResult MigrateToDevice(AddressRange range, byte[] data)
    {
        if (!IsCommand(range) || !Mm.Users.TryGet())
        {
            return MmResult.Invalid;
        }

        MmResult result = MmResult.Ok;
        using (Mm.MmapSem.EnterRead())
        {
            for (Address at = range.Start; at < range.End && result == MmResult.Ok;)
            {
                Address end = Address.Min(range.End, at + Shift.ToBytes(new BasePages(Piece)));
                if (Mm.VmaAt(at) is { } vma)
                {
                    end = Address.Min(end, vma.Range.End);
                }

                result = MigratePiece(new AddressRange(at, end));
                at = end;
            }
        }

        Mm.Users.Put();
        return result == MmResult.Ok ? ReadBack(range, data) : result;
    }

    public MmResult MigrateToSystem(AddressRange range)
    {
        if (!IsCommand(range) || !Mm.Users.TryGet())
        {
            return MmResult.Invalid;
        }

        int moved = 0;
        MmResult result = MmResult.Ok;
        using (Mm.MmapSem.EnterRead())
        {
            for (Address at = range.Start; at < range.End && result == MmResult.Ok; at += Shift.Size)
            {
                result = Device.MoveBack(Mm, AddressRange.Of(at, Shift.Size), null, ref moved);
            }
        }

        Mm.Users.Put();
        Pages = result == MmResult.Ok ? moved : Pages;
        return result;
    }

    public MmResult MakeExclusive(AddressRange range, byte[] data)
    {
        if (!IsCommand(range) || !Mm.Users.TryGet())
        {
            return MmResult.Invalid;
        }

        MmResult result = MmResult.Ok;
        for (Address at = range.Start; at < range.End && result == MmResult.Ok; at += Shift.ToBytes(new BasePages(Piece)))
        {
            result = ExclusivePiece(new AddressRange(at, Address.Min(range.End, at + Shift.ToBytes(new BasePages(Piece)))));
        }

        Mm.Users.Put();
        return result == MmResult.Ok ? ReadBack(range, data) : result;
    }

    /// <summary>T12: whether anything in the range is still exclusive, at one moment.</summary>
    public MmResult CheckExclusive(AddressRange range)
    {
        using (DriverLock.Enter())
        {
            return _table.Any(item => item.Value.Tag == Tag.Exclusive && range.Contains(new Address(item.Key << Shift.Value))) ? MmResult.NotPermitted : MmResult.Ok;
        }
    }

    private MmResult SnapshotPiece(AddressRange piece, Span<byte> bytes)
    {
        var notifier = new PieceNotifier(DriverLock);
        if (notifier.Insert(Mm, piece) != NotifierResult.Ok)
        {
            return MmResult.Invalid;
        }

        var range = new HmmRange(notifier, piece, new PfnEntry[Count(piece)], owner: Device);
        MmResult answer = MmResult.Busy;
        while (answer == MmResult.Busy && !IsOverdue())
        {
            range.Sequence = notifier.ReadBegin();
            HmmResult result;
            using (Mm.MmapSem.EnterRead())
            {
                result = range.Fault();
            }

            using (DriverLock.Enter())
            {
                answer = result == HmmResult.Ok && notifier.ReadRetry(range.Sequence) ? MmResult.Busy : (MmResult)(int)result;
            }
        }

        notifier.Remove();
        for (int i = 0; i < range.Entries.Length && answer == MmResult.Ok; i++)
        {
            bytes[i] = Describe(range.Entries.Span[i]);
        }

        return answer;
    }

    private byte Describe(PfnEntry entry)
    {
        if (entry.IsError || !entry.IsValid)
        {
            return entry.IsError ? Byte.Error : Byte.None;
        }

        int bits = Describe(Mm.Memory.PageOf(entry.Frame), entry.IsWritable);
        int order = entry.Order + Shift.Value;
        return (byte)(bits | (order == PageShift.Huge.Value ? Byte.Pmd : order == PageShift.Gigantic.Value ? Byte.Pud : 0));
    }

    private byte Describe(Page page, bool isWritable)
    {
        bool isOwn = page.Device?.Owner == Device;
        int where = page.IsZeroPage ? Byte.Zero : page.Device switch
        {
            null => 0,
            { Kind: DeviceMemoryKind.Private } => isOwn ? Byte.PrivateLocal : Byte.PrivateRemote,
            _ => isOwn ? Byte.CoherentLocal : Byte.CoherentRemote,
        };
        return (byte)(where | (isWritable ? Byte.Write : Byte.Read));
    }

    [RequiresShared("Mm.MmapSem")]
    private MmResult MigratePiece(AddressRange piece)
    {
        var migration = new VmaMigration(Mm, piece, MigrateSelect.System, Device);
        MmResult result = migration.Setup();
        if (result != MmResult.Ok)
        {
            return result;
        }

        for (int i = 0; i < migration.Source.Length; i++)
        {
            if (migration.Source[i] is { Migrates: true } source && Device.AllocateLocked() is { } page)
            {
                Span<byte> content = (page.DriverData as Page ?? page).Data;
                if (source.Page is { } old)
                {
                    old.Data.CopyTo(content);
                }

                migration.Destination[i] = MigrateEntry.To(page, source.IsWritable);
            }
        }

        SchedulePoint.Reach("migrate.copied");
        migration.Commit();
        using (DriverLock.Enter())
        {
            for (int i = 0; i < migration.Source.Length; i++)
            {
                if (migration.Source[i] is { Migrates: true } source && migration.Destination[i].Page is { } page)
                {
                    Install(piece.Start + Shift.ToBytes(new BasePages(i)), page, source.IsWritable ? Tag.Write : Tag.Read);
                }
            }
        }

        migration.Complete();
        return MmResult.Ok;
    }

    private MmResult ExclusivePiece(AddressRange piece)
    {
        var pages = new List<Page?>();
        MmResult result;
        using (Mm.MmapSem.EnterRead())
        {
            result = Mm.MakeDeviceExclusive(piece, Device, pages);
            if (result == MmResult.Ok && pages.TrueForAll(page => page is not null))
            {
                using (DriverLock.Enter())
                {
                    for (int i = 0; i < pages.Count; i++)
                    {
                        Install(piece.Start + Shift.ToBytes(new BasePages(i)), pages[i]!, Tag.Exclusive);
                    }
                }
            }
            else if (result == MmResult.Ok)
            {
                result = MmResult.Busy;
            }
        }

        pages.ForEach(page => page?.Unlock());
        pages.ForEach(page => page?.Put());
        return result;
    }

    private void MoveBack(AddressRange range)
    {
        int moved = 0;
        using (Mm.MmapSem.EnterRead())
        {
            Device.MoveBack(Mm, range, null, ref moved);
        }
    }

    /// <summary>T11: after the semaphore is released the processor may have taken pages back; the answer says what the table has now.</summary>
    private MmResult ReadBack(AddressRange range, byte[] data)
    {
        using (DriverLock.Enter())
        {
            byte[] bounce = new byte[range.Length.Value];
            if (CopyUntilMissing(range, range.Start, bounce, isWrite: false) < range.End)
            {
                return MmResult.NoEntry;
            }

            bounce.CopyTo(data, 0);
        }

        Pages = Count(range);
        return MmResult.Ok;
    }

    /// <summary>The notifier of a snapshot: lives as long as that, shares the lock, and only counts.</summary>
    private sealed class PieceNotifier(MutexLock driverLock) : IntervalNotifier(driverLock)
    {
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

            SetSequence(sequence);
            DriverLock.Release();
            return true;
        }
    }
}
