// A frame number with flags, as a snapshot gives it to a driver.
using System;

namespace Locking.Mirror;

/// <summary>
/// A frame number with flag bits: what a driver asks for and what it gets. Not a frame number, so that neither passes for the other (R62).
/// Linux: an element of <c>hmm_range.hmm_pfns</c>, in its fixed layout.
/// </summary>
/// <remarks>
/// <code>
///   63      62      61      60..56   55..0
///   valid   write   error   order    frame number
/// </code>
/// Going in, valid asks for a fault and write, together with valid, for a writable page.
/// </remarks>
/// <param name="Value">The bits.</param>
public readonly record struct PfnEntry(ulong Value)
{
    internal const ulong ValidBit = 1UL << 63;
    internal const ulong WriteBit = 1UL << 62;
    internal const ulong ErrorBit = 1UL << 61;
    internal const int OrderShift = 56;
    internal const ulong FrameMask = (1UL << OrderShift) - 1;

    /// <summary>Nothing there, and nothing asked for.</summary>
    public static PfnEntry None => default;

    /// <summary>Accessing it would be an error. Linux: <c>HMM_PFN_ERROR</c>.</summary>
    public static PfnEntry Error { get; } = new(ErrorBit);

    /// <summary>Asks for a readable page. Linux: <c>HMM_PFN_REQ_FAULT</c>.</summary>
    public static PfnEntry RequestRead { get; } = new(ValidBit);

    /// <summary>Asks for a writable page. Linux: <c>HMM_PFN_REQ_FAULT | HMM_PFN_REQ_WRITE</c>.</summary>
    public static PfnEntry RequestWrite { get; } = new(ValidBit | WriteBit);

    /// <summary>Whether there is a page that may be read.</summary>
    public bool IsValid => (Value & (ValidBit | ErrorBit)) == ValidBit;

    /// <summary>Whether there is a page that may be written.</summary>
    public bool IsWritable => IsValid && (Value & WriteBit) != 0;

    /// <summary>Whether accessing it would be an error.</summary>
    public bool IsError => (Value & ErrorBit) != 0;

    /// <summary>The power of two of base pages that the mapping covers, of which this is one. Linux: <c>hmm_pfn_to_map_order</c>.</summary>
    public int Order => (int)(Value >> OrderShift) & 31;

    /// <summary>The frame number.</summary>
    /// <exception cref="InvalidOperationException">There is no page.</exception>
    public ulong Frame => IsValid ? Value & FrameMask : throw new InvalidOperationException("The entry has no page.");

    /// <summary>An entry for a page.</summary>
    /// <param name="frame">The frame number.</param>
    /// <param name="isWritable">Whether it may be written.</param>
    /// <param name="order">The power of two of base pages that the mapping covers.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number or the order has more bits than the entry has for it.</exception>
    public static PfnEntry Of(ulong frame, bool isWritable, int order = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame, FrameMask);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)order, 31u);
        return new PfnEntry(ValidBit | (isWritable ? WriteBit : 0) | ((ulong)order << OrderShift) | frame);
    }

    /// <summary>The entry in words.</summary>
    public override string ToString() => IsError ? "error" : !IsValid ? "none" : $"{Frame:x}{(IsWritable ? " rw" : " ro")}{(Order > 0 ? $" order {Order}" : "")}";
}
