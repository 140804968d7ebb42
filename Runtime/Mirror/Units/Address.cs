// A virtual address.
namespace Locking.Mirror;

/// <summary>A virtual address of an address space. Aligning is not offered: take the offset (<see cref="PageShift.OffsetOf"/>) or the page (R59).</summary>
/// <param name="Value">The number.</param>
public readonly record struct Address(ulong Value)
{
    /// <summary>The first address that no address space has.</summary>
    public static Address Limit { get; } = new(1UL << 47);

    /// <summary>So many bytes further.</summary>
    public static Address operator +(Address a, Bytes b) => new(a.Value + b.Value);

    /// <summary>How many bytes from the second to the first, which must not be below it.</summary>
    public static Bytes operator -(Address a, Address b) => new(checked(a.Value - b.Value));

    /// <summary>Whether the first is below.</summary>
    public static bool operator <(Address a, Address b) => a.Value < b.Value;

    /// <summary>Whether the first is above.</summary>
    public static bool operator >(Address a, Address b) => a.Value > b.Value;

    /// <summary>Whether the first is not above the second.</summary>
    public static bool operator <=(Address a, Address b) => a.Value <= b.Value;

    /// <summary>Whether the first is not below the second.</summary>
    public static bool operator >=(Address a, Address b) => a.Value >= b.Value;

    /// <summary>The lower of two.</summary>
    public static Address Min(Address a, Address b) => a < b ? a : b;

    /// <summary>The higher of two.</summary>
    public static Address Max(Address a, Address b) => a > b ? a : b;

    /// <summary>The number in hexadecimal.</summary>
    public override string ToString() => $"0x{Value:x}";
}
