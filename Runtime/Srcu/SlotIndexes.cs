// Numbers for SRCU domains, small and reused, so that a thread finds its slot by one array access.
using System.Collections.Generic;

namespace Locking;

/// <summary>Small numbers for the domains in use. Safe for any thread.</summary>
internal static class SlotIndexes
{
    [ContentsGuardedBy(nameof(s_returned))]
    private static readonly Stack<int> s_returned = [];

    [GuardedBy(nameof(s_returned))]
    private static int s_next;

    public static int Rent()
    {
        lock (s_returned)
        {
            return s_returned.TryPop(out int index) ? index : s_next++;
        }
    }

    public static void Return(int index)
    {
        lock (s_returned)
        {
            s_returned.Push(index);
        }
    }
}
