// A missing lock is acquired around the statement that misses it.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class TakeTheLockTests() : FixTests("LOCK1001", new TakeTheLock())
{
    private const string Start = """
        class Account
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _balance;
            [GuardedBy(nameof(_gate))] private string? _owner;


        """;

    private void Verify(string member, string expected, string? title = null) => VerifyFix(Start + member + "\n}\n", Start + expected + "\n}\n", title);

    [Fact]
    public void Statement_IsLocked() => Verify(
        """
            public void Add(int amount)
            {
                // The bank wants it so.
                [|_balance|] += amount; // cents

                Log();
            }

            private static void Log() { }
        """,
        """
            public void Add(int amount)
            {
                // The bank wants it so.
                lock (_gate)
                {
                    _balance += amount; // cents
                }

                Log();
            }

            private static void Log() { }
        """,
        "Acquire '_gate' here");

    [Fact]
    public void StatementOfSeveralLines_MovesAsItIs() => Verify(
        """"
            public void Add(bool more)
            {
                if (more)
                {
                    [|_balance|] =
                        more    ?   1
                                :   2 ;
                    _ = """
                        text
                          stays
                        """;
                }

                [|_owner|] = $"""
                    {more}
                    as it is
                    """
                    + more;
            }
        """",
        """"
            public void Add(bool more)
            {
                if (more)
                {
                    lock (_gate)
                    {
                        _balance =
                            more    ?   1
                                    :   2 ;
                    }
                    _ = """
                        text
                          stays
                        """;
                }

                _owner = $"""
                    {more}
                    as it is
                    """
                    + more;
            }
        """");

    [Fact]
    public void LinesOfRawString_KeepTheirText() => Verify(
        """"
            public void Name(bool more)
            {
                [|_owner|] = $"""
                    {more}
                    as it is
                    """
                    + more;
            }
        """",
        """"
            public void Name(bool more)
            {
                lock (_gate)
                {
                    _owner = $"""
                    {more}
                    as it is
                    """
                        + more;
                }
            }
        """");

    [Fact]
    public void EmbeddedStatement_IsLockedWhereItStands() => Verify(
        """
            public void Clear(bool all)
            {
                if (all)
                    [|_balance|] = 0;
                else [|_balance|]--;
            }
        """,
        """
            public void Clear(bool all)
            {
                if (all)
                    lock (_gate)
                    {
                        _balance = 0;
                    }
                else _balance--;
            }
        """);

    [Fact]
    public void StatementWithinALine_IsLaidOutAnew() => Verify(
        """
            public void Clear(bool all) { if (all) [|_balance|] = 0; }
        """,
        """
            public void Clear(bool all)
            {
                if (all)
                {
                    lock (_gate)
                    {
                        _balance = 0;
                    }
                }
            }
        """);

    [Fact]
    public void ExpressionBody_BecomesABlock() => Verify(
        """
            /// <summary>Empties it.</summary>
            public void Clear() => [|_balance|] = 0; // all of it

            public int Other => 1;
        """,
        """
            /// <summary>Empties it.</summary>
            public void Clear()
            {
                lock (_gate)
                {
                    _balance = 0;
                }
            } // all of it

            public int Other => 1;
        """);

    [Fact]
    public void ExpressionBodyWithResult_ReturnsUnderTheLock() => Verify(
        """
            public int Clear() => [|_balance|] = 0;
        """,
        """
            public int Clear()
            {
                lock (_gate)
                {
                    return _balance = 0;
                }
            }
        """);

    [Fact]
    public void Setter_IsLocked() => Verify(
        """
            public int Balance
            {
                get { lock (_gate) { return _balance; } }
                set => [|_balance|] = value;
            }
        """,
        """
            public int Balance
            {
                get { lock (_gate) { return _balance; } }
                set
                {
                    lock (_gate)
                    {
                        _balance = value;
                    }
                }
            }
        """);

    [Fact]
    public void Lambda_IsLockedInside() => Verify(
        """
            public Action Reset() => () => [|_balance|] = 0;
        """,
        """
            public Action Reset() => () =>
            {
                lock (_gate)
                {
                    _balance = 0;
                }
            };
        """);

    [Fact]
    public void Declaration_StaysInScope() => Verify(
        """
            public string? Take()
            {
                var next = [|_balance|]++;
                return next.ToString();
            }
        """,
        """
            public string? Take()
            {
                int next;
                lock (_gate)
                {
                    next = _balance++;
                }
                return next.ToString();
            }
        """);

    [Fact]
    public void Everywhere_EachStatementOnce() => VerifyFixAll(
        Start + """
            public void Move(Account other, int amount)
            {
                [|_balance|] -= amount;
                [|other._balance|] += amount;
                _ = ([|_balance|]++, _balance--);
            }

            public void Clear() => [|_balance|] = 0;
        }

        """,
        Start + """
            public void Move(Account other, int amount)
            {
                lock (_gate)
                {
                    _balance -= amount;
                }
                lock (other._gate)
                {
                    other._balance += amount;
                }
                lock (_gate)
                {
                    _ = (_balance++, _balance--);
                }
            }

            public void Clear()
            {
                lock (_gate)
                {
                    _balance = 0;
                }
            }
        }

        """);

    [Fact]
    public void LineEndsOfTheFile_AreKept() => VerifyFix(
        (Start + "    public void Clear()\n    {\n        [|_balance|] = 0;\n    }\n}\n").Replace("\n", "\r\n"),
        (Start + "    public void Clear()\n    {\n        lock (_gate)\n        {\n            _balance = 0;\n        }\n    }\n}\n").Replace("\n", "\r\n"));

    [Fact]
    public void Tabs_AreKept() => VerifyFix(
        Start + "\tpublic void Clear()\n\t{\n\t\t[|_balance|] = 0;\n\t}\n}\n",
        Start + "\tpublic void Clear()\n\t{\n\t\tlock (_gate)\n\t\t{\n\t\t\t_balance = 0;\n\t\t}\n\t}\n}\n");

    [Fact]
    public void LoopCondition_IsLeftAlone() => VerifyNoFix(Start + """
            public void Drain()
            {
                while ([|_balance|]-- > 0)
                {
                }
            }
        }
        """);

    [Fact]
    public void StatementWithAwait_IsLeftAlone() => VerifyNoFix(Start + """
            public async Task Drain(Task<int> some) => [|_balance|] = await some;
        }
        """);

    [Fact]
    public void LockHiddenByALocal_IsLeftAlone() => VerifyNoFix(Start + """
            public void Clear(object _gate) => [|_balance|] = 0;
        }
        """);

    [Fact]
    public void ReaderWriterLock_IsReleasedInFinally() => VerifyFix(
        """
        class Cache
        {
            private readonly ReaderWriterLockSlim _lock = new();
            [GuardedBy(nameof(_lock))] private int _size;

            public void Grow(bool twice)
            {
                [|_size|]++;
                if (twice)
                    [|_size|]++;
            }
        }
        """,
        """
        class Cache
        {
            private readonly ReaderWriterLockSlim _lock = new();
            [GuardedBy(nameof(_lock))] private int _size;

            public void Grow(bool twice)
            {
                _lock.EnterWriteLock();
                try
                {
                    _size++;
                }
                finally
                {
                    _lock.ExitWriteLock();
                }
                if (twice)
                    _size++;
            }
        }
        """);

    [Fact]
    public void EmbeddedStatementThatNeedsSeveral_GetsBraces() => VerifyFix(
        """
        class Cache
        {
            private readonly Gate _lock = new();
            [GuardedBy(nameof(_lock))] private int _size;

            public void Grow(bool twice)
            {
                if (twice)
                    [|_size|]++;
            }
        }
        """,
        """
        class Cache
        {
            private readonly Gate _lock = new();
            [GuardedBy(nameof(_lock))] private int _size;

            public void Grow(bool twice)
            {
                if (twice)
                {
                    _lock.Enter();
                    try
                    {
                        _size++;
                    }
                    finally
                    {
                        _lock.Exit();
                    }
                }
            }
        }
        """);

    [Fact]
    public void SemaphoreInAsyncMethod_IsAwaited() => VerifyFix(
        """
        class Cache
        {
            private readonly SemaphoreSlim _lock = new(1, 1);
            [GuardedBy(nameof(_lock))] private int _size;

            public async Task Grow(Task<int> by)
            {
                [|_size|] += await by;
            }
        }
        """,
        """
        class Cache
        {
            private readonly SemaphoreSlim _lock = new(1, 1);
            [GuardedBy(nameof(_lock))] private int _size;

            public async Task Grow(Task<int> by)
            {
                await _lock.WaitAsync();
                try
                {
                    _size += await by;
                }
                finally
                {
                    _lock.Release();
                }
            }
        }
        """);

    [Fact]
    public void LockWithGuard_IsHeldByIt() => VerifyFix(
        """
        class Cache
        {
            private readonly MutexLock _lock = new();
            [GuardedBy(nameof(_lock))] private int _size;

            public void Grow()
            {
                [|_size|]++;
            }
        }
        """,
        """
        class Cache
        {
            private readonly MutexLock _lock = new();
            [GuardedBy(nameof(_lock))] private int _size;

            public void Grow()
            {
                using (_lock.Enter())
                {
                    _size++;
                }
            }
        }
        """);

    [Fact]
    public void DedicatedLock_IsLocked() => VerifyFix(
        """
        static class Cache
        {
            private static readonly Lock s_lock = new();
            [GuardedBy(nameof(s_lock))] internal static int s_size;
        }

        class User
        {
            public void Grow()
            {
                [|Cache.s_size|]++;
            }
        }
        """.Replace("private static readonly Lock", "internal static readonly Lock"),
        """
        static class Cache
        {
            private static readonly Lock s_lock = new();
            [GuardedBy(nameof(s_lock))] internal static int s_size;
        }

        class User
        {
            public void Grow()
            {
                lock (Cache.s_lock)
                {
                    Cache.s_size++;
                }
            }
        }
        """.Replace("private static readonly Lock", "internal static readonly Lock"));

    [Fact]
    public void LockThatIsNotAccessible_IsLeftAlone() => VerifyNoFix("""
        static class Cache
        {
            private static readonly Lock s_lock = new();
            [GuardedBy(nameof(s_lock))] internal static int s_size;
        }

        class User
        {
            public void Grow()
            {
                [|Cache.s_size|]++;
            }
        }
        """);

    [Fact]
    public void LockThatIsPerhapsHeld_IsNotAcquiredAgain() => VerifyNoFix("""
        public class Account
        {
            private readonly SemaphoreSlim _gate = new(1);
            [GuardedBy(nameof(_gate))] private int _balance;

            public void Add(bool now)
            {
                _gate.Wait();
                if (now)
                {
                    _gate.Release();
                }

                [|_balance|]++;
                if (!now)
                {
                    _gate.Release();
                }
            }
        }
        """);
}
