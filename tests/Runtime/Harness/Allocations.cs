// Counts what an action allocates.
using System;

namespace Locking.Tests.Harness;

internal static class Allocations
{
    /// <summary>The bytes that the last of many runs allocated, when everything that is made once has been made.</summary>
    public static long Of(Action action)
    {
        long bytes = 0;
        for (int i = 0; i < 200; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return bytes;
    }
}
