// A missing lock is required of the callers.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class RequireTheLockTests() : FixTests("LOCK1001", new RequireTheLock())
{
    [Fact]
    public void Method_SaysWhatItNeeds() => VerifyFix(
        """
        public class Account
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _balance;

            public void Add()
            {
                lock (_gate)
                {
                    Change(1);
                }
            }

            /// <summary>Changes the balance.</summary>
            public void Change(int by) => [|_balance|] += by;
        }
        """,
        """
        public class Account
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _balance;

            public void Add()
            {
                lock (_gate)
                {
                    Change(1);
                }
            }

            /// <summary>Changes the balance.</summary>
            [Requires(nameof(_gate))]
            public void Change(int by) => _balance += by;
        }
        """,
        "Require '_gate' of the callers");

    [Fact]
    public void Everywhere_OneContractForAMethod() => VerifyFixAll(
        """
        class Account
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _balance;

            [Obsolete]
            public void Change(int by)
            {
                [|_balance|] += by;
                [|_balance|] += by;
            }

            [Obsolete] public void Clear() { [|_balance|] = 0; }

            public int First { [Obsolete] get => [|_balance|] = 1; set => First = value; }

            public int Second
            {
                get => 0;
                // Sets it.
                set => [|_balance|] = value;
            }

            public int Next => [|_balance|]++;

            public static void Change(Account account) => [|account._balance|]++;
        }
        """,
        """
        class Account
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _balance;

            [Obsolete]
            [Requires(nameof(_gate))]
            public void Change(int by)
            {
                _balance += by;
                _balance += by;
            }

            [Obsolete] [Requires(nameof(_gate))] public void Clear() { _balance = 0; }

            public int First { [Obsolete] [Requires(nameof(_gate))] get => _balance = 1; set => First = value; }

            public int Second
            {
                get => 0;
                // Sets it.
                [Requires(nameof(_gate))]
                set => _balance = value;
            }

            [Requires(nameof(_gate))]
            public int Next => _balance++;

            [Requires("account._gate")]
            public static void Change(Account account) => account._balance++;
        }
        """);

    [Fact]
    public void NamespaceOfContracts_IsImported() => VerifyFix(
        """
        // Accounts.

        using System;
        using static System.Math;

        namespace Bank;

        class Account
        {
            private readonly object _gate = new();
            [Locking.GuardedBy(nameof(_gate))] private int _balance;

            public void Change(int by)
            {
                [|_balance|] += Abs(by);
            }
        }
        """,
        """
        // Accounts.

        using System;
        using Locking;
        using static System.Math;

        namespace Bank;

        class Account
        {
            private readonly object _gate = new();
            [Locking.GuardedBy(nameof(_gate))] private int _balance;

            [Requires(nameof(_gate))]
            public void Change(int by)
            {
                _balance += Abs(by);
            }
        }
        """,
        withUsings: false);

    [Fact]
    public void FileWithoutImports_KeepsItsHeader() => VerifyFix(
        """
        // Accounts.

        // One account.
        class Account
        {
            private readonly object _gate = new();
            [Locking.GuardedBy(nameof(_gate))] private int _balance;

            public void Change(int by)
            {
                [|_balance|] += by;
            }
        }
        """,
        """
        // Accounts.

        using Locking;

        // One account.
        class Account
        {
            private readonly object _gate = new();
            [Locking.GuardedBy(nameof(_gate))] private int _balance;

            [Requires(nameof(_gate))]
            public void Change(int by)
            {
                _balance += by;
            }
        }
        """,
        withUsings: false);

    [Fact]
    public void MemberReachedThroughAnother_IsLeftAlone() => VerifyNoFix("""
        interface IAccount
        {
            void Change();
        }

        class Account : IAccount, IDisposable
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _balance;

            public void Change() => [|_balance|]++;

            void IDisposable.Dispose() => [|_balance|]++;

            public override string ToString() => ([|_balance|]++).ToString();
        }
        """);

    [Fact]
    public void LambdasAndLocks_OfTheMethodItself_AreLeftAlone() => VerifyNoFix("""
        class Account
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] internal int _balance;

            public Action Change() => () => [|_balance|]++;
        }

        class User
        {
            private Account? _account;

            public void Use(bool now)
            {
                Account? account = now ? Find() : null;
                [|account!._balance|]++;
            }

            private Account? Find() => _account;
        }
        """);

    [Fact]
    public void MethodThatAcquiresTheLockItself_IsLeftAlone() => VerifyNoFix("""
        public class Account
        {
            private readonly SemaphoreSlim _gate = new(1);
            [GuardedBy(nameof(_gate))] private int _balance;

            public void Add()
            {
                _gate.Wait();
                _balance++;
                _gate.Release();
                [|_balance|]--;
            }
        }
        """);

    [Fact]
    public void MethodThatWouldAwaitUnderTheLock_IsLeftAlone() => VerifyNoFix("""
        public class Account
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _balance;

            public async Task Add()
            {
                await Task.Yield();
                [|_balance|]++;
            }
        }
        """);
}

public sealed class RequireTheLockExclusivelyTests() : FixTests("LOCK1003", new RequireTheLock())
{
    [Fact]
    public void ContractForReaders_IsReplaced() => VerifyFix(
        """
        public class Prices
        {
            private readonly RwGate _gate = new();
            [GuardedBy(nameof(_gate))] private int _count;

            /// <summary>One more.</summary>
            [RequiresShared(nameof(_gate))] // of the caller
            public void Add() => [|_count|]++;
        }
        """,
        """
        public class Prices
        {
            private readonly RwGate _gate = new();
            [GuardedBy(nameof(_gate))] private int _count;

            /// <summary>One more.</summary>
            [Requires(nameof(_gate))] // of the caller
            public void Add() => _count++;
        }
        """,
        "Require '_gate' of the callers");
}
