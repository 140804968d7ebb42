// The vocabulary that the sequences of the self-test are written in.
using System;
using System.Collections.Generic;
using System.Linq;

namespace Locking.Tests.SelfTest;

internal static class Steps
{
    public static readonly int[][] OrdersOfTwo = [[1, 2], [2, 1]];

    public static readonly int[][] OrdersOfThree = [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]];

    /// <summary>A class of the suite. The validator is reset between cases, so the names can be the same in all.</summary>
    public static LockClass Class(string name) => LockClass.Named("selftest." + name);

    public static IDictionary<char, TestLock> Locks(Flavour flavour, string names) =>
        names.ToDictionary(n => n, n => flavour.Make(Class(n.ToString())));

    /// <summary>Nested acquisitions: outer first, all released in reverse.</summary>
    public static void Nest(params TestLock[] locks)
    {
        foreach (TestLock outer in locks)
        {
            outer.Acquire();
        }

        foreach (TestLock inner in locks.Reverse())
        {
            inner.Release();
        }
    }

    public static void InOrder(int[] order, params Action[] events)
    {
        foreach (int number in order)
        {
            events[number - 1]();
        }
    }

    public static string Suffix(int[] order) => string.Concat(order);

    /// <summary>Interrupts on: a callback may run on top of anything. The state in which the kernel's suite begins every case.</summary>
    public static void WithCallbacks(Action body)
    {
        using (Lockdep.AdmitCallbacks(CallbackContexts.Any))
        {
            body();
        }
    }

    /// <summary>In interrupt: on top of whatever the thread did.</summary>
    public static void Inside(CallbackContexts context, Action body)
    {
        using (Lockdep.EnterCallback(context))
        {
            body();
        }
    }

    /// <summary>Interrupts off. Disabling hard ones disables soft ones too, not the reverse. What is still held at the end meets them again.</summary>
    public static void Off(CallbackContexts context, Action body)
    {
        using (Lockdep.ExcludeCallbacks(context == CallbackContexts.NonBlockable ? CallbackContexts.Any : context))
        {
            body();
        }
    }
}
