// Wait contexts, allocation, try-locks and nest locks of the kernel's locking self-test.
using System;
using System.Collections.Generic;

namespace Locking.Tests.SelfTest;

internal static class ContextCases
{
    public static IEnumerable<SelfTestCase> All() => [.. WaitContexts(), .. Allocation(), .. NestAndTry()];

    private static IEnumerable<SelfTestCase> WaitContexts()
    {
        (string Name, Action<Action> Enter, string Allowed)[] outers =
        [
            ("threaded_hardirq", static body => Steps.Inside(CallbackContexts.NonBlockable, body), "rcu raw spin"),
            ("nonthreaded_hardirq", static body => Restricted(WaitType.RawSpin, body), "rcu raw"),
            ("softirq", static body => Restricted(WaitType.Spin, body), "rcu raw spin"),
            ("rcu", static body => ReadSide(WaitType.Spin, body), "rcu raw spin"),
            ("rcu_bh", static body => ReadSide(WaitType.Spin, body), "rcu raw spin"),
            ("rcu_sched", static body => ReadSide(WaitType.RawSpin, body), "rcu raw"),
            ("raw_spin", static body => Raw("outer").With(body), "rcu raw"),
            ("spin", static body => Flavour.Spin.Make(Steps.Class("outer")).With(body), "rcu raw spin"),
            ("mutex", static body => Flavour.Mutex.Make(Steps.Class("outer")).With(body), "rcu raw spin mutex"),
        ];
        (string Name, Action Acquire)[] inners =
        [
            ("rcu", static () => ReadSide(WaitType.Spin, static () => { })),
            ("raw", static () => Raw("inner").With()),
            ("spin", static () => Flavour.Spin.Make(Steps.Class("inner")).With()),
            ("mutex", static () => Flavour.Mutex.Make(Steps.Class("inner")).With()),
        ];
        foreach ((string outer, Action<Action> enter, string allowed) in outers)
        {
            foreach ((string inner, Action acquire) in inners)
            {
                bool isReported = Array.IndexOf(allowed.Split(' '), inner) < 0;
                yield return new("wait contexts", $"wait_{outer}_{inner}", isReported, () => enter(acquire));
            }
        }
    }

    private static void Restricted(WaitType limit, Action body)
    {
        using (Lockdep.Restrict(limit))
        {
            body();
        }
    }

    /// <summary>An RCU-like section: entering never waits; what may wait inside depends on its flavour.</summary>
    private static void ReadSide(WaitType allows, Action body)
    {
        var section = new VirtualLock(Steps.Class("rcu"), allows, WaitType.Free);
        section.AcquireRead();
        body();
        section.Release();
    }

    /// <summary>A lock that never yields the processor. The library has none; the validator knows its kind.</summary>
    private static TestLock Raw(string name) => new RawLock(new VirtualLock(Steps.Class("raw_" + name), WaitType.RawSpin));

    private static IEnumerable<SelfTestCase> Allocation()
    {
        yield return new("allocation context", "fs_reclaim_correct_nesting", false, static () => Reclaiming(static () => Lockdep.MightAllocate(mayReclaim: false)));
        yield return new("allocation context", "fs_reclaim_wrong_nesting", true, static () => Reclaiming(static () => Lockdep.MightAllocate()));
        yield return new("allocation context", "fs_reclaim_protected_nesting", false, static () => Reclaiming(static () =>
        {
            using (Lockdep.ForbidReclaim())
            {
                Lockdep.MightAllocate();
            }
        }));
    }

    private static void Reclaiming(Action body)
    {
        using (VirtualLocks.Reclaim.Enter())
        {
            body();
        }
    }

    /// <summary>
    /// The rows of the wound/wait family that are about the validator and not about wound/wait: every pair of block, try and context, where a
    /// context is a nest lock.
    /// </summary>
    private static IEnumerable<SelfTestCase> NestAndTry()
    {
        foreach (string first in new[] { "context", "try", "block", "spin" })
        {
            foreach (string second in new[] { "block", "try", "context" })
            {
                bool isReported = second == "block" || (second == "context" && first != "context");
                yield return new("nest and try", $"ww_{first}_{second}", isReported, () => new Mixture().Run(first, second));
            }
        }

        yield return new("nest and try", "ww_spin_nest_unlocked", true, static () => new SpinMutex(Steps.Class("A")).Acquire(LockNesting.Under(new MutexLock(Steps.Class("O")))));
        yield return new("nest and try", "ww_spin_nest_lock", false, static () =>
        {
            var outer = new SpinMutex(Steps.Class("X"));
            SpinMutex[] inner = [new(Steps.Class("Y")), new(Steps.Class("Y"))];
            var other = new SpinMutex(Steps.Class("A"));
            outer.Acquire();
            inner[0].Acquire(LockNesting.Under(outer));
            other.Acquire();
            inner[1].Acquire(LockNesting.Under(outer));
            inner[1].Release();
            other.Release();
            inner[0].Release();
            outer.Release();
        });
    }

    private sealed class RawLock(VirtualLock map) : TestLock
    {
        public override void Acquire() => map.Acquire();

        public override void Release() => map.Release();

        public override void Reinitialise() => throw new NotSupportedException();
    }

    /// <summary>Two objects of one class, a context that serialises whoever takes both, and a lock that is ordered against them.</summary>
    private sealed class Mixture
    {
        private readonly VirtualLock _context = new(Steps.Class("context"));
        private readonly MutexLock _first = new(Steps.Class("O"));
        private readonly MutexLock _second = new(Steps.Class("O"));
        private readonly MutexLock _ordered = new(Steps.Class("A"));

        public void Run(string first, string second)
        {
            if (first == "spin")
            {
                AgainstTheOrder(second);
                return;
            }

            bool entered = first == "context";
            if (entered)
            {
                _context.Acquire();
            }

            Take(first, _first);
            if (second == "context" && !entered)
            {
                _context.Acquire();
            }

            Take(second, _second);
        }

        private void AgainstTheOrder(string how)
        {
            if (how == "context")
            {
                _context.Acquire();
            }

            Take(how, _first);
            _ordered.Acquire();
            _ordered.Release();
            _first.Release();
            _ordered.Acquire();
            Take(how, _first);
        }

        private void Take(string how, MutexLock mutex)
        {
            switch (how)
            {
                case "context":
                    mutex.Acquire(LockNesting.Under(_context));
                    break;
                case "try":
                    if (!mutex.TryAcquire())
                    {
                        throw new InvalidOperationException("A free mutex was not acquired.");
                    }

                    break;
                default:
                    mutex.Acquire();
                    break;
            }
        }
    }
}
