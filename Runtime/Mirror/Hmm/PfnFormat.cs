// The layout of a driver's own entries.
using System;

namespace Locking.Mirror;

/// <summary>
/// The layout of a driver's own entries: a frame number shifted, with the driver's flag bits, and values that are no entries at all. Linux: the
/// <c>flags</c> and <c>values</c> tables of <c>struct hmm_range</c>, until 5.6.
/// </summary>
/// <remarks>Special values are compared before bits are looked at, because one of all ones contains every flag. Immutable.</remarks>
public sealed class PfnFormat
{
    /// <summary>Describes a layout.</summary>
    /// <param name="shift">How far the frame number is shifted.</param>
    /// <param name="valid">The bit of a readable page.</param>
    /// <param name="write">The bit of a writable page.</param>
    /// <param name="devicePrivate">The bit of a page of private device memory; needed though a device has none (F22).</param>
    /// <param name="error">The value of a page that cannot be had.</param>
    /// <param name="none">The value of nothing.</param>
    /// <param name="special">The value of an entry without a page; may be that of an error.</param>
    /// <exception cref="ArgumentException">Bits overlap each other or the frame number, or nothing looks like an error (R67).</exception>
    public PfnFormat(int shift, ulong valid, ulong write, ulong devicePrivate, ulong error, ulong none, ulong special)
    {
        ulong below = shift is >= 0 and < 64 ? (1UL << shift) - 1 : throw new ArgumentException("The shift is that of a 64-bit number.", nameof(shift));
        if (!IsBit(valid) || !IsBit(write) || !IsBit(devicePrivate) || ((valid | write | devicePrivate) & ~below) != 0
            || valid == write || valid == devicePrivate || write == devicePrivate)
        {
            throw new ArgumentException("Flags are single bits, different ones, below the frame number.");
        }

        if (none == error || none == special)
        {
            throw new ArgumentException("Nothing must differ from errors and special entries.", nameof(none));
        }

        (Shift, Valid, Write, DevicePrivate, Error, None, Special) = (shift, valid, write, devicePrivate, error, none, special);
    }

    /// <summary>The layout of on-demand paging.</summary>
    public static PfnFormat Odp { get; } = new(3, valid: 1, write: 2, devicePrivate: 4, error: ulong.MaxValue, none: 0, special: ulong.MaxValue - 1);

    /// <summary>How far the frame number is shifted.</summary>
    public int Shift { get; }

    /// <summary>The bit of a readable page.</summary>
    public ulong Valid { get; }

    /// <summary>The bit of a writable page.</summary>
    public ulong Write { get; }

    /// <summary>The bit of a page of private device memory.</summary>
    public ulong DevicePrivate { get; }

    /// <summary>The value of a page that cannot be had.</summary>
    public ulong Error { get; }

    /// <summary>The value of nothing.</summary>
    public ulong None { get; }

    /// <summary>The value of an entry without a page.</summary>
    public ulong Special { get; }

    /// <summary>The frame number of an entry; null where it has none.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>The frame number.</returns>
    public ulong? FrameOf(ulong entry) =>
        entry == None || entry == Error || entry == Special || (entry & Valid) == 0 ? null : entry >> Shift;

    /// <summary>Whether an entry has a page that may be written.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>Whether it has.</returns>
    public bool IsWritable(ulong entry) => FrameOf(entry) is not null && (entry & Write) != 0;

    internal ulong Encode(PfnEntry entry, bool isDevicePrivate) =>
        entry.IsError ? Error
        : !entry.IsValid ? None
        : (entry.Frame << Shift) | Valid | (entry.IsWritable ? Write : 0) | (isDevicePrivate ? DevicePrivate : 0);

    internal PfnEntry RequestOf(ulong flags) => new(
        ((flags & Valid) != 0 ? PfnEntry.ValidBit : 0)
        | ((flags & Write) != 0 ? PfnEntry.WriteBit : 0)
        | ((flags & DevicePrivate) != 0 ? HmmWalk.RequestMigration : 0));

    private static bool IsBit(ulong value) => value != 0 && (value & (value - 1)) == 0;
}
