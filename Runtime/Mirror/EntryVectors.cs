// Loops over entries of eight bytes, four at a time.
using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Locking.Mirror;

/// <summary>
/// Loops over entries of eight bytes, four at a time: the usual entries of a leaf, of an answer, of a translation table. Each stops where an entry is
/// not the usual one, which the caller looks at by itself. Processors read and write each entry whole.
/// </summary>
internal static class EntryVectors
{
    private static int Width => Vector256<ulong>.Count;

    /// <summary>Answers entries of a leaf that are present, and writable where that is asked for; how many.</summary>
    public static int TakePresent(ReadOnlySpan<ulong> slots, Span<PfnEntry> answers, bool isWrite)
    {
        ulong usual = (ulong)PteKind.Present | (isWrite ? Pte.WriteBit : 0);
        Vector256<ulong> wanted = Vector256.Create(usual), mask = Vector256.Create(usual | Pte.KindMask);
        ref ulong from = ref MemoryMarshal.GetReference(slots);
        ref ulong to = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<PfnEntry, ulong>(answers));
        int done = 0;
        for (; done <= Math.Min(slots.Length, answers.Length) - Width; done += Width)
        {
            Vector256<ulong> four = Vector256.LoadUnsafe(ref from, (nuint)done);
            if ((four & mask) != wanted)
            {
                break;
            }

            // The write bit and the frame move, the rest falls out.
            Vector256<ulong> write = Vector256.ShiftLeft(four & Vector256.Create(Pte.WriteBit), 58);
            (Vector256.Create(PfnEntry.ValidBit) | write | Vector256.ShiftRightLogical(four, Pte.FrameShift)).StoreUnsafe(ref to, (nuint)done);
        }

        return done;
    }

    /// <summary>Makes addresses with rights of answers that allow them, where nothing is mapped yet; how many.</summary>
    public static int Map(ReadOnlySpan<PfnEntry> answers, Span<ulong> mapped, PageShift shift, OdpAccess rights)
    {
        ulong usual = PfnEntry.ValidBit | ((rights & OdpAccess.Write) != 0 ? PfnEntry.WriteBit : 0);
        Vector256<ulong> wanted = Vector256.Create(usual), mask = Vector256.Create(usual | PfnEntry.ErrorBit);
        ref ulong from = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<PfnEntry, ulong>(answers));
        ref ulong to = ref MemoryMarshal.GetReference(mapped);
        int done = 0;
        for (; done <= Math.Min(answers.Length, mapped.Length) - Width; done += Width)
        {
            Vector256<ulong> four = Vector256.LoadUnsafe(ref from, (nuint)done);
            if ((four & mask) != wanted || Vector256.LoadUnsafe(ref to, (nuint)done) != Vector256<ulong>.Zero)
            {
                break;
            }

            Vector256<ulong> address = Vector256.ShiftLeft(four & Vector256.Create(PfnEntry.FrameMask), shift.Value);
            (address | Vector256.Create((ulong)rights)).StoreUnsafe(ref to, (nuint)done);
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

        Vector256<ulong> expected = Vector256.Create(entries[0]) + (Vector256<ulong>.Indices * step);
        int i = 0;
        for (; i <= entries.Length - Width; i += Width)
        {
            if (Vector256.Create(entries[i..]) != expected)
            {
                return false;
            }

            expected += Vector256.Create(step * (ulong)Width);
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
