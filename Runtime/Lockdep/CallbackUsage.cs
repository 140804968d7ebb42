// How a lock class was used in relation to callbacks, and which two uses exclude each other.
using System;

namespace Locking;

/// <summary>
/// Four facts for each callback context: acquired inside a callback, held where a callback may run, each for reads and for writes apart.
/// Linux: <c>enum lock_usage_bit</c>.
/// </summary>
/// <remarks>
/// Layout, one nibble per context: bit 0 inside, bit 1 inside for read, bit 2 interruptible, bit 3 interruptible while held for read.
/// </remarks>
[Flags]
internal enum CallbackUsage
{
    None = 0,
    InsideNonBlockable = 1 << 0,
    InsideNonBlockableRead = 1 << 1,
    UnderNonBlockable = 1 << 2,
    UnderNonBlockableRead = 1 << 3,
    InsideBlockable = 1 << 4,
    InsideBlockableRead = 1 << 5,
    UnderBlockable = 1 << 6,
    UnderBlockableRead = 1 << 7,

    AllInside = InsideNonBlockable | InsideNonBlockableRead | InsideBlockable | InsideBlockableRead,
    AllUnder = UnderNonBlockable | UnderNonBlockableRead | UnderBlockable | UnderBlockableRead,
    AllWrites = InsideNonBlockable | UnderNonBlockable | InsideBlockable | UnderBlockable,
    AllReads = AllWrites << 1,
}

/// <summary>The algebra of <see cref="CallbackUsage"/>.</summary>
internal static class CallbackUsages
{
    /// <summary>What an acquisition adds: inside the callbacks that are running, under those that may run on top.</summary>
    /// <remarks>
    /// Inside a callback only a recursive read passes the readers underneath; any other blocks, if need be behind a waiting writer, and so
    /// counts as a write. Underneath, every shared hold is a read.
    /// </remarks>
    public static CallbackUsage Of(CallbackContexts inside, CallbackContexts admitted, LockMode mode)
    {
        var within = CallbackUsage.None;
        within |= (inside & CallbackContexts.NonBlockable) != 0 ? CallbackUsage.InsideNonBlockable : 0;
        within |= (inside & CallbackContexts.Blockable) != 0 ? CallbackUsage.InsideBlockable : 0;
        var under = CallbackUsage.None;
        under |= (admitted & CallbackContexts.NonBlockable) != 0 ? CallbackUsage.UnderNonBlockable : 0;
        under |= (admitted & CallbackContexts.Blockable) != 0 ? CallbackUsage.UnderBlockable : 0;
        return (CallbackUsage)((int)within << (mode == LockMode.SharedRecursive ? 1 : 0))
            | (CallbackUsage)((int)under << (mode == LockMode.Exclusive ? 0 : 1));
    }

    /// <summary>
    /// What a lock may not be that these uses depend on, or that depends on them: inside excludes under and the reverse, in either mode. Whether
    /// modes matter is decided by the path between the two, which must be strong.
    /// </summary>
    public static CallbackUsage Exclusive(CallbackUsage usage)
    {
        CallbackUsage swapped = Swap(usage);
        CallbackUsage writes = (swapped & CallbackUsage.AllWrites) | (CallbackUsage)((int)(swapped & CallbackUsage.AllReads) >> 1);
        return writes | (CallbackUsage)((int)writes << 1);
    }

    /// <summary>The same for two uses of one lock, where there is no path: a read goes on top of a read.</summary>
    public static CallbackUsage ExclusiveOnOneLock(CallbackUsage usage)
    {
        CallbackUsage everything = Exclusive(usage & CallbackUsage.AllWrites);
        return everything | (Exclusive(usage & CallbackUsage.AllReads) & CallbackUsage.AllWrites);
    }

    /// <summary>Inside becomes under and the reverse, context by context and mode by mode.</summary>
    private static CallbackUsage Swap(CallbackUsage usage) =>
        (CallbackUsage)(((int)(usage & CallbackUsage.AllInside) << 2) | ((int)(usage & CallbackUsage.AllUnder) >> 2));

    /// <summary>What counts of a lock that is reached only through recursive reads: they are never blocked by readers, so writes alone.</summary>
    public static CallbackUsage Visible(CallbackUsage usage, bool weakly) => weakly ? usage & CallbackUsage.AllWrites : usage;

    /// <summary>
    /// Four characters as in Linux's reports: non-blockable write and read, blockable write and read. <c>-</c> inside, <c>+</c> under,
    /// <c>?</c> both, <c>.</c> neither.
    /// </summary>
    public static string Characters(CallbackUsage usage) => string.Create(4, usage, static (characters, u) =>
    {
        for (int i = 0; i < 4; i++)
        {
            int shift = ((i >> 1) * 4) + (i & 1);
            bool inside = (((int)u >> shift) & 1) != 0;
            bool under = (((int)u >> (shift + 2)) & 1) != 0;
            characters[i] = inside ? (under ? '?' : '-') : under ? '+' : '.';
        }
    });
}
