// What is acquired is released however its region is left.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class ReleaseInFinallyTests() : FixTests("LOCK2001", new ReleaseInFinally())
{
    private const string Start = """
        public class Account(Gate gate)
        {
            private readonly object _monitor = new();
            private int _balance;

            public void Log() { }

        """;

    private void Verify(string member, string expected, string? title = null) => VerifyFix(Start + member + "\n}\n", Start + expected + "\n}\n", title);

    [Fact]
    public void EarlyReturn_ReleasesInFinally() => Verify(
        """
            public void Use(bool now)
            {
                [|gate.Enter()|];
                if (!now)
                {
                    return;
                }

                Log();
                // Let others in.
                gate.Exit();
                Log();
            }
        """,
        """
            public void Use(bool now)
            {
                gate.Enter();
                try
                {
                    if (!now)
                    {
                        return;
                    }

                    Log();
                }
                finally
                {
                    gate.Exit();
                }
                // Let others in.
                Log();
            }
        """,
        "Release 'gate' in a finally block");

    [Fact]
    public void ReleasesInside_AreTakenOut() => Verify(
        """
            public int Use(int what)
            {
                [|gate.Enter()|];
                if (what == 0)
                {
                    gate.Exit();
                    return 0;
                }

                if (what == 1)
                {
                    return 1;
                }

                var result = what + 1;
                gate.Exit();
                return result;
            }
        """,
        """
            public int Use(int what)
            {
                gate.Enter();
                int result;
                try
                {
                    if (what == 0)
                    {
                        return 0;
                    }

                    if (what == 1)
                    {
                        return 1;
                    }

                    result = what + 1;
                }
                finally
                {
                    gate.Exit();
                }
                return result;
            }
        """);

    [Fact]
    public void ForgottenRelease_IsFound() => Verify(
        """
            public void Use()
            {
                [|gate.Enter()|];
                Log();
            }
        """,
        """
            public void Use()
            {
                gate.Enter();
                try
                {
                    Log();
                }
                finally
                {
                    gate.Exit();
                }
            }
        """);

    [Fact]
    public void TryAcquire_ReleasesWhereItSucceeded() => Verify(
        """
            public void Use()
            {
                if ([|gate.TryEnter()|])
                {
                    Log();
                }
            }
        """,
        """
            public void Use()
            {
                if (gate.TryEnter())
                {
                    try
                    {
                        Log();
                    }
                    finally
                    {
                        gate.Exit();
                    }
                }
            }
        """);

    [Fact]
    public void TryAcquireThatReturns_ReleasesTheRest() => Verify(
        """
            public void Use(bool now)
            {
                if (![|gate.TryEnter()|])
                    return;

                if (now)
                {
                    return;
                }

                Log();
                gate.Exit();
            }
        """,
        """
            public void Use(bool now)
            {
                if (!gate.TryEnter())
                    return;

                try
                {
                    if (now)
                    {
                        return;
                    }

                    Log();
                }
                finally
                {
                    gate.Exit();
                }
            }
        """);

    [Fact]
    public void Monitor_BecomesALockStatement() => Verify(
        """
            public void Use(bool now)
            {
                [|Monitor.Enter(_monitor)|];
                if (now)
                {
                    return;
                }

                _balance++;
                Monitor.Exit(_monitor);
            }
        """,
        """
            public void Use(bool now)
            {
                lock (_monitor)
                {
                    if (now)
                    {
                        return;
                    }

                    _balance++;
                }
            }
        """,
        "Use a lock statement for '_monitor'");

    [Fact]
    public void LockWithGuard_IsHeldByIt() => Verify(
        """
            private readonly SemaphoreSlim _semaphore = new(1, 1);
            private readonly MutexLock _mutex = new();

            public void Use(bool now)
            {
                [|_mutex.Acquire()|];
                if (now)
                {
                    return;
                }

                _balance++;
                _mutex.Release();
            }
        """,
        """
            private readonly SemaphoreSlim _semaphore = new(1, 1);
            private readonly MutexLock _mutex = new();

            public void Use(bool now)
            {
                using (_mutex.Enter())
                {
                    if (now)
                    {
                        return;
                    }

                    _balance++;
                }
            }
        """,
        "Hold '_mutex' by a guard");

    [Fact]
    public void AwaitedAcquire_IsReleased() => Verify(
        """
            private readonly SemaphoreSlim _semaphore = new(1, 1);

            public async Task Use(bool now)
            {
                await [|_semaphore.WaitAsync()|].ConfigureAwait(false);
                if (now)
                {
                    return;
                }

                await Task.Yield();
                _semaphore.Release();
            }
        """,
        """
            private readonly SemaphoreSlim _semaphore = new(1, 1);

            public async Task Use(bool now)
            {
                await _semaphore.WaitAsync().ConfigureAwait(false);
                try
                {
                    if (now)
                    {
                        return;
                    }

                    await Task.Yield();
                }
                finally
                {
                    _semaphore.Release();
                }
            }
        """);

    [Fact]
    public void Everywhere_EachRegion() => VerifyFixAll(
        Start + """
            public void Use(bool now, Gate other)
            {
                [|gate.Enter()|];
                [|other.Enter()|];
                if (now)
                {
                    return;
                }

                other.Exit();
                gate.Exit();
            }
        }
        """,
        Start + """
            public void Use(bool now, Gate other)
            {
                gate.Enter();
                try
                {
                    other.Enter();
                    try
                    {
                        if (now)
                        {
                            return;
                        }
                    }
                    finally
                    {
                        other.Exit();
                    }

                }
                finally
                {
                    gate.Exit();
                }
            }
        }
        """);

    [Fact]
    public void ReleaseInTheMiddleOfABranch_IsLeftAlone() => VerifyNoFix(Start + """
            public void Use(bool now)
            {
                [|gate.Enter()|];
                if (now)
                {
                    gate.Exit();
                    Log();
                    return;
                }
            }
        }
        """);
}

public sealed class ReleaseWhenThrownTests() : FixTests("LOCK2002", new ReleaseInFinally())
{
    [Fact]
    public void CallThatMayThrow_ReleasesInFinally() => VerifyFix(
        """
        public class Account(Gate gate)
        {
            public void Use(Action action)
            {
                [|gate.Enter()|];
                action();
                gate.Exit();
            }
        }
        """,
        """
        public class Account(Gate gate)
        {
            public void Use(Action action)
            {
                gate.Enter();
                try
                {
                    action();
                }
                finally
                {
                    gate.Exit();
                }
            }
        }
        """);
}

public sealed class PutInFinallyTests() : FixTests("LOCK5002", new ReleaseInFinally())
{
    [Fact]
    public void Reference_IsPutInFinally() => VerifyFix(
        """
        public class Walker
        {
            public bool Walk(Mm mm, bool now)
            {
                if (![|mm.TryGet()|])
                {
                    return false;
                }

                if (now)
                {
                    return false;
                }

                mm.Put();
                return true;
            }
        }
        """,
        """
        public class Walker
        {
            public bool Walk(Mm mm, bool now)
            {
                if (!mm.TryGet())
                {
                    return false;
                }

                try
                {
                    if (now)
                    {
                        return false;
                    }
                }
                finally
                {
                    mm.Put();
                }

                return true;
            }
        }
        """,
        "Release 'mm.Users' in a finally block");
}
