// Interrupt families of the kernel's locking self-test, with callbacks in the place of interrupts.
using System;
using System.Collections.Generic;

namespace Locking.Tests.SelfTest;

/// <summary>
/// Hard interrupt: non-blockable callback. Soft interrupt: blockable callback. Interrupts on: callbacks admitted. Interrupts off: excluded.
/// </summary>
internal static class CallbackCases
{
    private static readonly (string Name, CallbackContexts Context)[] s_contexts =
        [("hard", CallbackContexts.NonBlockable), ("soft", CallbackContexts.Blockable)];

    public static IEnumerable<SelfTestCase> All()
    {
        foreach (Flavour flavour in Flavour.Interrupt)
        {
            foreach (int[] order in Steps.OrdersOfTwo)
            {
                yield return new(
                    "irqsafe2A", $"irqsafe2A_{flavour.Name}_{Steps.Suffix(order)}", !flavour.Recurses, () => Safe2A(flavour, order));
            }
        }

        foreach ((string name, CallbackContexts context) in s_contexts)
        {
            foreach (SelfTestCase ofContext in Families(name, context))
            {
                yield return ofContext;
            }
        }

        foreach (SelfTestCase queued in QueuedReaders())
        {
            yield return queued;
        }

        yield return new("hardirq-unsafe, softirq-safe", "hardirq_deadlock_softirq_not_deadlock", true, TwoLevels);
    }

    private static IEnumerable<SelfTestCase> Families(string name, CallbackContexts context)
    {
        SelfTestCase Case(string family, Flavour flavour, int[] order, Action<Flavour, CallbackContexts, int[]> body) => new(
            family,
            $"{family.Replace(' ', '_')}_{name}_{flavour.Name}_{Steps.Suffix(order)}",
            !flavour.Recurses,
            () => Steps.WithCallbacks(() => body(flavour, context, order)));

        foreach (Flavour flavour in Flavour.Interrupt)
        {
            foreach (int[] order in Steps.OrdersOfTwo)
            {
                yield return Case("irqsafe1", flavour, order, Safe1);
                yield return Case("irqsafe2B", flavour, order, Safe2B);
            }

            foreach (int[] order in Steps.OrdersOfThree)
            {
                yield return Case("irqsafe3", flavour, order, Safe3);
                yield return Case("irqsafe4", flavour, order, Safe4);
                yield return Case("irq inversion", flavour, order, Inversion);
            }
        }

        foreach (Flavour flavour in new[] { Flavour.WriteLock, Flavour.ReadLock })
        {
            foreach (int[] order in Steps.OrdersOfThree)
            {
                yield return Case("irq read recursion 1", flavour, order, ReadRecursion1);
                yield return Case("irq read recursion 2", flavour, order, ReadRecursion2);
                yield return Case("irq read recursion 3", flavour, order, ReadRecursion3);
            }
        }
    }

    private static void Safe1(Flavour flavour, CallbackContexts context, int[] order)
    {
        TestLock a = flavour.Make(Steps.Class("A"));
        Steps.InOrder(order, () => Steps.Inside(context, () => a.With()), () => a.With());
    }

    private static void Safe2A(Flavour flavour, int[] order) => Steps.WithCallbacks(() =>
    {
        TestLock a = flavour.Make(Steps.Class("A"));
        Steps.InOrder(
            order,
            () => Steps.Inside(CallbackContexts.Blockable, () => a.With()),
            () =>
            {
                Steps.Off(CallbackContexts.NonBlockable, a.Acquire);
                a.Release();
            });
    });

    private static void Safe2B(Flavour flavour, CallbackContexts context, int[] order)
    {
        TestLock a = flavour.Make(Steps.Class("A"));
        Steps.InOrder(
            order,
            () => Steps.Inside(context, () => a.With()),
            () =>
            {
                Steps.Off(context, a.Acquire);
                a.Release();
            });
    }

    private static void Safe3(Flavour flavour, CallbackContexts context, int[] order)
    {
        IDictionary<char, TestLock> l = Steps.Locks(flavour, "AB");
        Steps.InOrder(order, () => Steps.Nest(l['A'], l['B']), () => l['B'].With(), () => Steps.Inside(context, () => l['A'].With()));
    }

    private static void Safe4(Flavour flavour, CallbackContexts context, int[] order)
    {
        IDictionary<char, TestLock> l = Steps.Locks(flavour, "AB");
        Steps.InOrder(
            order,
            () => Steps.Off(context, () => Steps.Nest(l['A'], l['B'])),
            () => l['B'].With(),
            () => Steps.Inside(context, () => l['A'].With()));
    }

    private static void Inversion(Flavour flavour, CallbackContexts context, int[] order)
    {
        var a = new ModelRwLock(Steps.Class("A"));
        TestLock b = flavour.Make(Steps.Class("B"));
        Steps.InOrder(
            order,
            () => Steps.Off(context, () => Steps.Nest(a.Write, b)),
            () => b.With(),
            () => Steps.Inside(context, () => a.Read.With()));
    }

    private static void ReadRecursion1(Flavour flavour, CallbackContexts context, int[] order)
    {
        var a = new ModelRwLock(Steps.Class("A"));
        TestLock b = Flavour.Spin.Make(Steps.Class("B"));
        Steps.InOrder(
            order,
            () => Steps.Off(context, () => a.Write.With()),
            () => a.Read.With(),
            () => Steps.Inside(context, () => Steps.Nest(InMode(a, flavour), b)));
    }

    private static void ReadRecursion2(Flavour flavour, CallbackContexts context, int[] order)
    {
        var a = new ModelRwLock(Steps.Class("A"));
        TestLock b = Flavour.Spin.Make(Steps.Class("B"));
        Steps.InOrder(
            order,
            () => Steps.Off(context, () => Steps.Nest(b, InMode(a, flavour))),
            () => a.Read.With(),
            () => Steps.Inside(context, () => b.With()));
    }

    private static void ReadRecursion3(Flavour flavour, CallbackContexts context, int[] order)
    {
        var a = new ModelRwLock(Steps.Class("A"));
        var b = new ModelRwLock(Steps.Class("B"));
        Steps.InOrder(
            order,
            () => Steps.Off(context, () => Steps.Nest(b.Write, InMode(a, flavour))),
            () => a.Read.With(),
            () => Steps.Inside(context, () => b.Read.With()));
    }

    private static TestLock InMode(ModelRwLock rw, Flavour flavour) => flavour.Recurses ? rw.Read : rw.Write;

    private static IEnumerable<SelfTestCase> QueuedReaders()
    {
        const CallbackContexts Hard = CallbackContexts.NonBlockable;
        SelfTestCase Case(string name, bool isReported, Action<ModelRwLock, TestLock> body) => new(
            "queued readers",
            "queued_readers_" + name,
            isReported,
            () => Steps.WithCallbacks(() => body(new ModelRwLock(Steps.Class("A")) { IsQueued = true }, Flavour.Spin.Make(Steps.Class("B")))));

        yield return Case("RE_Er", true, (a, b) =>
        {
            Steps.Inside(Hard, () => Steps.Nest(a.ReadInCallback, b));
            Steps.Off(Hard, () => Steps.Nest(b, a.Read));
        });
        yield return Case("ER_rE", false, (a, b) =>
        {
            Steps.Inside(Hard, () => Steps.Nest(b, a.ReadInCallback));
            Steps.Off(Hard, () => Steps.Nest(a.Read, b));
        });
        yield return Case("inversion", true, (a, b) =>
        {
            Steps.Inside(Hard, () => b.With());
            Steps.Off(Hard, () => Steps.Nest(b, a.Read));
            a.Read.With();
        });
    }

    /// <summary>
    /// The short path from the mutex to D is from soft-unsafe to soft-safe, which is fine. The long one, from A to D, is from hard-safe to
    /// hard-unsafe: the search must not stop at the first pair of uses.
    /// </summary>
    private static void TwoLevels() => Steps.WithCallbacks(() =>
    {
        const CallbackContexts Hard = CallbackContexts.NonBlockable;
        IDictionary<char, TestLock> l = Steps.Locks(Flavour.Spin, "ABCD");
        TestLock mutex = Flavour.Mutex.Make(Steps.Class("M"));
        mutex.With(() => Steps.Off(Hard, () => l['C'].With()));
        Steps.Inside(Hard, () => l['A'].With());
        Steps.Off(Hard, () => Steps.Nest(l['A'], l['B']));
        Steps.Off(Hard, () => Steps.Nest(l['B'], l['C']));
        Steps.Inside(CallbackContexts.Blockable, () => l['D'].With());
        Steps.Off(CallbackContexts.Blockable, () => l['D'].With());
        Steps.Off(Hard, () => Steps.Nest(l['C'], l['D']));
    });
}
