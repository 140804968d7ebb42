// Ordering, misuse and read-recursion families of the kernel's locking self-test (lib/locking-selftest.c).
using System;
using System.Collections.Generic;

namespace Locking.Tests.SelfTest;

internal static class OrderingCases
{
    private static readonly (string Name, string Pairs)[] s_cycles =
    [
        ("ABBA", "AB BA"),
        ("ABBCCA", "AB BC CA"),
        ("ABCABC", "AB CA BC"),
        ("ABBCCDDA", "AB BC CD DA"),
        ("ABCDBDDA", "AB CD BD DA"),
        ("ABCDBCDA", "AB CD BC DA"),
    ];

    public static IEnumerable<SelfTestCase> All()
    {
        foreach (Flavour flavour in Flavour.Kernel)
        {
            foreach (SelfTestCase kernel in Basic(flavour, isKernel: true))
            {
                yield return kernel;
            }

            yield return new("double unlock", $"double_unlock_{flavour.Name}", true, () => DoubleUnlock(flavour));
            yield return new("initialise held", $"init_held_{flavour.Name}", true, () => InitialiseHeld(flavour));
        }

        foreach (Flavour ours in Flavour.Ours)
        {
            foreach (SelfTestCase own in Basic(ours, isKernel: false))
            {
                yield return own;
            }
        }

        foreach (SelfTestCase mixed in ReadRecursion())
        {
            yield return mixed;
        }

        foreach (SelfTestCase cycle in ThreeLockCycles())
        {
            yield return cycle;
        }
    }

    private static IEnumerable<SelfTestCase> Basic(Flavour flavour, bool isKernel)
    {
        yield return new("basic ordering", $"AA_{flavour.Name}", !flavour.Recurses, () => AA(flavour), isKernel);
        foreach ((string name, string pairs) in s_cycles)
        {
            yield return new("basic ordering", $"{name}_{flavour.Name}", !flavour.Recurses, () => Pairs(flavour, pairs), isKernel);
        }
    }

    private static void AA(Flavour flavour)
    {
        flavour.Make(Steps.Class("X")).Acquire();
        flavour.Make(Steps.Class("X")).Acquire();
    }

    private static void Pairs(Flavour flavour, string pairs)
    {
        IDictionary<char, TestLock> locks = Steps.Locks(flavour, "ABCD");
        foreach (string pair in pairs.Split(' '))
        {
            Steps.Nest(locks[pair[0]], locks[pair[1]]);
        }
    }

    private static void DoubleUnlock(Flavour flavour)
    {
        TestLock a = flavour.Make(Steps.Class("A"));
        a.With();
        a.Release();
    }

    private static void InitialiseHeld(Flavour flavour)
    {
        TestLock a = flavour.Make(Steps.Class("A"));
        a.Acquire();
        a.Reinitialise();
    }

    private static IEnumerable<SelfTestCase> ReadRecursion()
    {
        foreach (bool isSem in new[] { false, true })
        {
            string kind = isSem ? "rwsem" : "rwlock";
            SelfTestCase Case(string name, bool isReported, Action<Pair, Pair, TestLock> body) =>
                new("read recursion and mixed ABBA", $"{kind}_{name}", isReported, () => body(Pair.Of(isSem), Pair.Of(isSem), Pair.Other(isSem)));

            yield return Case("AA1", isSem, static (x, _, _) => { x.Read.Acquire(); x.Read.Acquire(); });
            yield return Case("AA1B", isSem, static (x, x2, _) => { x.Read.Acquire(); x2.Read.Acquire(); });
            yield return Case("AA2", true, static (x, x2, _) => { x.Read.Acquire(); x2.Write.Acquire(); });
            yield return Case("AA3", true, static (x, x2, _) => { x.Write.Acquire(); x2.Read.Acquire(); });
            yield return Case("ABBA1", true, static (x, _, y) => { Steps.Nest(x.Read, y); Steps.Nest(y, x.Write); });
            yield return Case("ABBA2", isSem, static (x, _, y) => { Steps.Nest(x.Read, y); Steps.Nest(y, x.Read); });
            yield return Case("ABBA3", true, static (x, _, y) => { Steps.Nest(x.Write, y); Steps.Nest(y, x.Write); });
        }

        // A cache of chains that does not tell reads from writes would take the third step for the second.
        yield return new("read recursion and mixed ABBA", "rwlock_chaincache_ABBA1", true, static () =>
        {
            Pair x = Pair.Of(isSem: false);
            TestLock y = Pair.Other(isSem: false);
            Steps.Nest(x.Read, y);
            Steps.Nest(y, x.Read);
            Steps.Nest(y, x.Write);
        });
    }

    private static IEnumerable<SelfTestCase> ThreeLockCycles()
    {
        foreach ((string name, bool isReported, string steps) in new[]
        {
            ("W1R2_W2R3_W3R1", true, "WR WR WR"),
            ("W1W2_R2R3_W3R1", true, "WW RR WR"),
            ("W1W2_R2R3_R3W1", false, "WW RR RW"),
            ("W1R2_R2R3_W3W1", false, "WR RR WW"),
        })
        {
            foreach (int[] order in Steps.OrdersOfThree)
            {
                yield return new("three-lock rwlock cycles", $"{name}_{Steps.Suffix(order)}", isReported, () => Cycle(steps.Split(' '), order));
            }
        }
    }

    /// <summary>Step i acquires lock i, then lock i+1, each for reading or writing.</summary>
    private static void Cycle(string[] steps, int[] order)
    {
        ModelRwLock[] locks = [new(Steps.Class("X")), new(Steps.Class("Y")), new(Steps.Class("Z"))];
        Action Step(int i) => () => Steps.Nest(Mode(locks[i], steps[i][0]), Mode(locks[(i + 1) % 3], steps[i][1]));
        Steps.InOrder(order, Step(0), Step(1), Step(2));
    }

    private static TestLock Mode(ModelRwLock rw, char mode) => mode == 'W' ? rw.Write : rw.Read;

    /// <summary>The two modes of one lock of class X, and what the mixed families take besides.</summary>
    private sealed record Pair(TestLock Read, TestLock Write)
    {
        public static Pair Of(bool isSem)
        {
            if (!isSem)
            {
                var model = new ModelRwLock(Steps.Class("X"));
                return new(model.Read, model.Write);
            }

            var semaphore = new RwSemaphore(Steps.Class("X"));
            return new(new ReadTestLock(semaphore), new WriteTestLock(semaphore));
        }

        public static TestLock Other(bool isSem) => (isSem ? Flavour.Mutex : Flavour.Spin).Make(Steps.Class("Y"));
    }
}
