// Loops over entries of eight bytes, eight at a time.
using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Locking.Mirror;

/// <summary>
/// Loops over entries of eight bytes, eight at a time: the usual entries of a leaf, of an answer, of a translation table. Each stops where an entry is
/// not the usual one, which the caller looks at by itself. Processors read and write each entry whole.
/// </summary>
internal static class EntryVectors
{
    private static int Width => Vector512<ulong>.Count;

    /// <summary>Answers entries of a leaf that are present, and writable where that is asked for; how many.</summary>
    public static int TakePresent(ReadOnlySpan<ulong> slots, Span<PfnEntry> answers, bool isWrite)
    {
        ulong usual = (ulong)PteKind.Present | (isWrite ? Pte.WriteBit : 0);
        Vector512<ulong> wanted = Vector512.Create(usual), mask = Vector512.Create(usual | Pte.KindMask);
        ref ulong from = ref MemoryMarshal.GetReference(slots);
        ref ulong to = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<PfnEntry, ulong>(answers));
        int done = 0;
        for (; done <= Math.Min(slots.Length, answers.Length) - Width; done += Width)
        {
            Vector512<ulong> some = Vector512.LoadUnsafe(ref from, (nuint)done);
            if ((some & mask) != wanted)
            {
                break;
            }

            // The write bit and the frame move, the rest falls out.
            Vector512<ulong> write = Vector512.ShiftLeft(some & Vector512.Create(Pte.WriteBit), 58);
            (Vector512.Create(PfnEntry.ValidBit) | write | Vector512.ShiftRightLogical(some, Pte.FrameShift)).StoreUnsafe(ref to, (nuint)done);
        }

        return done;
    }

    /// <summary>Makes addresses with rights of answers that allow them, where nothing is mapped yet; how many.</summary>
    public static int Map(ReadOnlySpan<PfnEntry> answers, Span<ulong> mapped, PageShift shift, OdpAccess rights)
    {
        ulong usual = PfnEntry.ValidBit | ((rights & OdpAccess.Write) != 0 ? PfnEntry.WriteBit : 0);
        Vector512<ulong> wanted = Vector512.Create(usual), mask = Vector512.Create(usual | PfnEntry.ErrorBit);
        ref ulong from = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<PfnEntry, ulong>(answers));
        ref ulong to = ref MemoryMarshal.GetReference(mapped);
        int done = 0;
        for (; done <= Math.Min(answers.Length, mapped.Length) - Width; done += Width)
        {
            Vector512<ulong> some = Vector512.LoadUnsafe(ref from, (nuint)done);
            if ((some & mask) != wanted || Vector512.LoadUnsafe(ref to, (nuint)done) != Vector512<ulong>.Zero)
            {
                break;
            }

            Vector512<ulong> address = Vector512.ShiftLeft(some & Vector512.Create(PfnEntry.FrameMask), shift.Value);
            (address | Vector512.Create((ulong)rights)).StoreUnsafe(ref to, (nuint)done);
        }

        return done;
    }

    /// <summary>Whether entries follow each other in steps, with the same low bits, and none is empty.</summary>
    public static bool AreConsecutive(ReadOnlySpan<ulong> entries, ulong step)
    {
        if (entries[0] == 0)
        {
            return false;
        }

        Vector512<ulong> expected = Vector512.Create(entries[0]) + (Vector512<ulong>.Indices * step);
        Vector512<ulong> stride = Vector512.Create(step * (ulong)Width);
        ref ulong from = ref MemoryMarshal.GetReference(entries);
        int i = 0;
        for (; i <= entries.Length - Width; i += Width)
        {
            if (Vector512.LoadUnsafe(ref from, (nuint)i) != expected)
            {
                return false;
            }

            expected += stride;
        }

        for (; i < entries.Length; i++)
        {
            if (entries[i] != entries[0] + ((ulong)i * step))
            {
                return false;
            }
        }

        return true;
    }
}
