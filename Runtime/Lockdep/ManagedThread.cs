// The number of the current thread, from a thread-static of our own.
using System;
using System.Runtime.CompilerServices;

namespace Locking;

/// <summary>
/// The number of the current thread. A thread-static of our own, because <see cref="Environment.CurrentManagedThreadId"/> costs several times
/// as much and every lock asks for it.
/// </summary>
internal static class ManagedThread
{
    [ThreadStatic]
    private static int t_id;

    /// <summary>Never 0.</summary>
    public static int Id
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            int id = t_id;
            return id != 0 ? id : First();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int First() => t_id = Environment.CurrentManagedThreadId;
}
