// A length in bytes.
namespace Locking.Mirror;

/// <summary>A length, or an offset, in bytes. It does not mix with counts of pages: only a <see cref="PageShift"/> converts.</summary>
/// <param name="Value">The number.</param>
public readonly record struct Bytes(ulong Value)
{
    /// <summary>Their sum.</summary>
    public static Bytes operator +(Bytes a, Bytes b) => new(a.Value + b.Value);

    /// <summary>Their difference, which must not be negative.</summary>
    public static Bytes operator -(Bytes a, Bytes b) => new(checked(a.Value - b.Value));

    /// <summary>Whether the first is less.</summary>
    public static bool operator <(Bytes a, Bytes b) => a.Value < b.Value;

    /// <summary>Whether the first is more.</summary>
    public static bool operator >(Bytes a, Bytes b) => a.Value > b.Value;

    /// <summary>Whether the first is at most the second.</summary>
    public static bool operator <=(Bytes a, Bytes b) => a.Value <= b.Value;

    /// <summary>Whether the first is at least the second.</summary>
    public static bool operator >=(Bytes a, Bytes b) => a.Value >= b.Value;

    /// <summary>The lesser of two.</summary>
    public static Bytes Min(Bytes a, Bytes b) => a < b ? a : b;

    /// <summary>The number and its unit.</summary>
    public override string ToString() => $"{Value} B";
}
