// A half-open range of virtual addresses.
namespace Locking.Mirror;

/// <summary>A range of virtual addresses, the end excluded. Trees hold closed intervals; nothing else does (R74).</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The first address behind.</param>
public readonly record struct AddressRange(Address Start, Address End)
{
    /// <summary>Every address there is.</summary>
    public static AddressRange All { get; } = new(default, Address.Limit);

    /// <summary>Whether there is no address in it.</summary>
    public bool IsEmpty => Start >= End;

    /// <summary>Its length.</summary>
    public Bytes Length => End - Start;

    /// <summary>The last address in it.</summary>
    internal ulong Last => End.Value - 1;

    /// <summary>A range by its length.</summary>
    /// <param name="start">The first address.</param>
    /// <param name="length">The length.</param>
    /// <returns>The range.</returns>
    public static AddressRange Of(Address start, Bytes length) => new(start, start + length);

    /// <summary>Whether an address is in it.</summary>
    /// <param name="address">The address.</param>
    /// <returns>Whether it is.</returns>
    public bool Contains(Address address) => address >= Start && address < End;

    /// <summary>Whether another lies in it.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Whether it does.</returns>
    public bool Contains(AddressRange other) => other.Start >= Start && other.End <= End;

    /// <summary>Whether an address is in both.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Whether one is.</returns>
    public bool Overlaps(AddressRange other) => Start < other.End && other.Start < End;

    /// <summary>What is in both; empty where nothing is.</summary>
    /// <param name="other">The other.</param>
    /// <returns>The common part.</returns>
    public AddressRange Clip(AddressRange other) => new(Address.Max(Start, other.Start), Address.Min(End, other.End));

    /// <summary>Whether it is not empty, does not wrap, and lies in what an address space has.</summary>
    internal bool IsValid => Start < End && End <= Address.Limit;

    /// <summary>The range in the notation of intervals.</summary>
    public override string ToString() => $"[{Start}, {End})";
}
