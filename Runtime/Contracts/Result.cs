// What a call returned, where a constant cannot say it.

namespace Locking;

/// <summary>What a call returned, where a constant cannot say it; used by <see cref="TryAcquiresAttribute"/> and its kin.</summary>
public enum Result
{
    /// <summary>A reference other than null.</summary>
    NotNull,

    /// <summary>The null reference.</summary>
    Null,

    /// <summary>The number 0.</summary>
    Zero,

    /// <summary>Any number but 0.</summary>
    NonZero,

    /// <summary>A number below 0: the error codes of C-style APIs.</summary>
    Negative,

    /// <summary>A number of 0 or above.</summary>
    NonNegative,
}
