// A number of base pages, or the index of one.
namespace Locking.Mirror;

/// <summary>A number of base pages, or the index of one in a range. Not a number of umem pages (R60).</summary>
/// <param name="Value">The number.</param>
public readonly record struct BasePages(long Value)
{
    /// <summary>Their sum.</summary>
    public static BasePages operator +(BasePages a, BasePages b) => new(a.Value + b.Value);

    /// <summary>Their difference.</summary>
    public static BasePages operator -(BasePages a, BasePages b) => new(a.Value - b.Value);

    /// <summary>The next.</summary>
    public static BasePages operator ++(BasePages a) => new(a.Value + 1);

    /// <summary>Whether the first is less.</summary>
    public static bool operator <(BasePages a, BasePages b) => a.Value < b.Value;

    /// <summary>Whether the first is more.</summary>
    public static bool operator >(BasePages a, BasePages b) => a.Value > b.Value;

    /// <summary>The number and its unit.</summary>
    public override string ToString() => $"{Value} base pages";
}
