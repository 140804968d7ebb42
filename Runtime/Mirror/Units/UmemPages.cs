// A number of pages of a umem, or the index of one.
namespace Locking.Mirror;

/// <summary>A number of pages of a umem, in the page size of that umem, or the index of one. Not a number of base pages (R60).</summary>
/// <param name="Value">The number.</param>
public readonly record struct UmemPages(long Value)
{
    /// <summary>Their sum.</summary>
    public static UmemPages operator +(UmemPages a, UmemPages b) => new(a.Value + b.Value);

    /// <summary>Their difference.</summary>
    public static UmemPages operator -(UmemPages a, UmemPages b) => new(a.Value - b.Value);

    /// <summary>The next.</summary>
    public static UmemPages operator ++(UmemPages a) => new(a.Value + 1);

    /// <summary>Whether the first is less.</summary>
    public static bool operator <(UmemPages a, UmemPages b) => a.Value < b.Value;

    /// <summary>Whether the first is more.</summary>
    public static bool operator >(UmemPages a, UmemPages b) => a.Value > b.Value;

    /// <summary>The number and its unit.</summary>
    public override string ToString() => $"{Value} umem pages";
}
