// Loops over entries of eight bytes, eight at a time.
using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Locking.Mirror;

/// <summary>
/// Loops over entries of eight bytes, several at a time: the usual entries of a leaf, of an answer, of a translation table. Those that write stop
/// where an entry is not the usual one. Processors read and write each entry whole.
/// </summary>
internal static class EntryVectors
{
    private static int Width => Vector256<ulong>.Count;

    /// <summary>Answers entries of a leaf that are present, and writable where that is asked for; how many, in whole vectors.</summary>
    public static int TakePresent(ReadOnlySpan<ulong> slots, Span<PfnEntry> answers, bool isWrite)
    {
        Vector256<ulong> wanted = Vector256.Create(Usual(isWrite)), mask = Vector256.Create(Usual(isWrite) | Pte.KindMask);
        ref ulong from = ref MemoryMarshal.GetReference(slots);
        ref ulong to = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<PfnEntry, ulong>(answers));
        int last = Math.Min(slots.Length, answers.Length) - Width;
        int done = 0;
        for (; done <= last; done += Width)
        {
            Vector256<ulong> some = Vector256.LoadUnsafe(ref from, (nuint)done);
            if ((some & mask) != wanted)
            {
                break;
            }

            // The write bit and the frame move, the rest falls out.
            Vector256<ulong> write = Vector256.ShiftLeft(some & Vector256.Create(Pte.WriteBit), 58);
            (Vector256.Create(PfnEntry.ValidBit) | write | Vector256.ShiftRightLogical(some, Pte.FrameShift)).StoreUnsafe(ref to, (nuint)done);
        }

        return done;
    }

    /// <summary>Makes addresses with rights of entries of a leaf that are present and allow them, where nothing is mapped yet; how many.</summary>
    public static int Map(ReadOnlySpan<ulong> slots, Span<ulong> mapped, PageShift shift, OdpAccess rights)
    {
        ulong usual = Usual((rights & OdpAccess.Write) != 0);
        Vector256<ulong> wanted = Vector256.Create(usual), mask = Vector256.Create(usual | Pte.KindMask);
        ref ulong from = ref MemoryMarshal.GetReference(slots);
        ref ulong to = ref MemoryMarshal.GetReference(mapped);
        int done = 0;
        for (; done <= slots.Length - Width; done += Width)
        {
            Vector256<ulong> some = Vector256.LoadUnsafe(ref from, (nuint)done);
            if ((((some & mask) ^ wanted) | Vector256.LoadUnsafe(ref to, (nuint)done)) != Vector256<ulong>.Zero)
            {
                break;
            }

            Vector256<ulong> address = Vector256.ShiftLeft(Vector256.ShiftRightLogical(some, Pte.FrameShift), shift.Value);
            (address | Vector256.Create((ulong)rights)).StoreUnsafe(ref to, (nuint)done);
        }

        for (; done < slots.Length && IsPresent(slots[done], (rights & OdpAccess.Write) != 0) && mapped[done] == 0; done++)
        {
            mapped[done] = (new Pte(slots[done]).Frame << shift.Value) | (ulong)rights;
        }

        return done;
    }

    /// <summary>Whether an entry of a leaf is present, and writable where that is asked for.</summary>
    public static bool IsPresent(ulong slot, bool isWrite) => (slot & (Usual(isWrite) | Pte.KindMask)) == Usual(isWrite);

    /// <summary>Whether entries of a leaf are present, writable where that is asked for, and of frames that follow each other.</summary>
    public static bool ArePresentRun(ReadOnlySpan<ulong> slots, bool isWrite) =>
        IsPresent(slots[0], isWrite) && AreConsecutive(slots, 1UL << Pte.FrameShift, FrameMask | Usual(isWrite) | Pte.KindMask);

    /// <summary>Whether entries, as far as a mask shows them, follow each other in steps.</summary>
    public static bool AreConsecutive(ReadOnlySpan<ulong> entries, ulong step, ulong mask)
    {
        ulong expected = entries[0] & mask;
        Vector256<ulong> visible = Vector256.Create(mask), steps = Vector256.Create(expected) + (Vector256<ulong>.Indices * step);
        Vector256<ulong> stride = Vector256.Create(step * (ulong)Width);
        ref ulong from = ref MemoryMarshal.GetReference(entries);
        int i = 0;
        for (; i <= entries.Length - (2 * Width); i += 2 * Width)
        {
            Vector256<ulong> wrong = (Vector256.LoadUnsafe(ref from, (nuint)i) & visible) ^ steps;
            steps += stride;
            wrong |= (Vector256.LoadUnsafe(ref from, (nuint)(i + Width)) & visible) ^ steps;
            steps += stride;
            if (wrong != Vector256<ulong>.Zero)
            {
                return false;
            }
        }

        for (; i < entries.Length; i++)
        {
            if ((entries[i] & mask) != expected + ((ulong)i * step))
            {
                return false;
            }
        }

        return true;
    }

    private static ulong FrameMask => ~((1UL << Pte.FrameShift) - 1);

    private static ulong Usual(bool isWrite) => (ulong)PteKind.Present | (isWrite ? Pte.WriteBit : 0);
}
