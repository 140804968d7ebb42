// A private object is locked instead of one that others can lock too.
using System;
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class LockAPrivateObjectTests() : FixTests("LOCK7001", new LockAPrivateObject())
{
    [Fact]
    public void This_BecomesAFieldOfItsOwn() => VerifyFixAll(
        """
        using System;

        /// <summary>An account.</summary>
        public class Account
        {
            /// <summary>In cents.</summary>
            public int Balance { get; private set; }

            public void Add()
            {
                lock ([|this|])
                {
                    Balance++;
                }
            }

            public void Take()
            {
                lock ( [|this|] ) // mine
                    Balance--;
            }
        }
        """,
        """
        using System;
        using System.Threading;

        /// <summary>An account.</summary>
        public class Account
        {
            private readonly Lock _gate = new();

            /// <summary>In cents.</summary>
            public int Balance { get; private set; }

            public void Add()
            {
                lock (_gate)
                {
                    Balance++;
                }
            }

            public void Take()
            {
                lock ( _gate ) // mine
                    Balance--;
            }
        }
        """,
        "Lock a private object, '_gate'",
        withUsings: false);

    [Fact]
    public void ContractsOnThis_FollowTheLock() => VerifyFix(
        """
        public class Account
        {
            [GuardedBy("this")] private int _gate;

            public void Add()
            {
                [|Monitor.Enter(this)|];
                try
                {
                    _gate++;
                    Monitor.PulseAll(this);
                }
                finally
                {
                    Monitor.Exit(this);
                }
            }
        }
        """,
        """
        public class Account
        {
            private readonly object _lock = new();
            [GuardedBy(nameof(_lock))] private int _gate;

            public void Add()
            {
                Monitor.Enter(_lock);
                try
                {
                    _gate++;
                    Monitor.PulseAll(_lock);
                }
                finally
                {
                    Monitor.Exit(_lock);
                }
            }
        }
        """);

    [Fact]
    public void TypesAndStrings_BecomeStaticFields() => VerifyFix(
        """
        public class Account
        {
            private static int s_count;

            public static void Add()
            {
                lock ([|typeof(Account)|])
                {
                    s_count++;
                }
            }
        }
        """,
        """
        public class Account
        {
            private static readonly Lock s_gate = new();
            private static int s_count;

            public static void Add()
            {
                lock (s_gate)
                {
                    s_count++;
                }
            }
        }
        """);

    [Fact]
    public void ObjectThatOthersLockToo_IsLeftAlone() => VerifyNoFix("""
        public class Account
        {
            public static void Add()
            {
                lock ([|typeof(Account)|])
                {
                }
            }
        }

        public class Bank
        {
            public static void Add()
            {
                lock ([|typeof(Account)|])
                {
                }
            }
        }

        public class Base
        {
            public void Add()
            {
                lock ([|this|])
                {
                }
            }
        }

        public class Derived : Base
        {
            public void Take()
            {
                lock ([|this|])
                {
                }
            }
        }
        """);

    [Fact]
    public void VisibleField_IsLeftToThoseWhoSeeIt() => VerifyFix(
        """
        public class Account
        {
            public readonly object Gate = new();
            [GuardedBy(nameof(Gate))] private int _count; // cents

            [Requires("this.Gate")]
            private void Add() => _count++;

            public void Use()
            {
                lock ([|Gate|])
                {
                    Add();
                }

                lock ([|this.Gate|]) // again
                {
                    Add();
                }
            }

            public class Nested
            {
                public readonly object Gate = new();
            }
        }
        """,
        """
        public class Account
        {
            private readonly Lock _gate = new();
            public readonly object Gate = new();
            [GuardedBy(nameof(_gate))] private int _count; // cents

            [Requires(nameof(_gate))]
            private void Add() => _count++;

            public void Use()
            {
                lock (_gate)
                {
                    Add();
                }

                lock (_gate) // again
                {
                    Add();
                }
            }

            public class Nested
            {
                public readonly object Gate = new();
            }
        }
        """);

    [Fact]
    public void PartialType_ChangesInAllItsParts() => VerifyFixAll(
        """
        namespace Bank;

        public static partial class Account
        {
            public static readonly object Sync = new();
        }

        public static partial class Account
        {
            private static int s_count;

            public static void Add()
            {
                lock ([|Sync|])
                {
                    s_count++;
                }
            }
        }

        partial class Account
        {
            public static void Take()
            {
                lock ([|Account.Sync|]) s_count--;
            }
        }
        """,
        """
        namespace Bank;

        public static partial class Account
        {
            public static readonly object Sync = new();
        }

        public static partial class Account
        {
            private static readonly Lock s_gate = new();
            private static int s_count;

            public static void Add()
            {
                lock (s_gate)
                {
                    s_count++;
                }
            }
        }

        partial class Account
        {
            public static void Take()
            {
                lock (s_gate) s_count--;
            }
        }
        """);

    [Theory]
    [InlineData("this", "class Bank { void Use(Account a) { lock (a) { } } }")]
    [InlineData("this", "public class Bank : Account { void Use() { lock (this) { } } }")]
    [InlineData("Gate", "class Bank(Account a) { void Use() { [|Monitor.Enter(a.Gate)|]; Monitor.Exit(a.Gate); } }")]
    [InlineData("Gate", "class Bank(Account a) { [GuardedBy(\"_account.Gate\")] int _count; readonly Account _account = a; }")]
    public void ObjectThatOthersLockThroughAName_IsLeftAlone(string locked, string other)
    {
        string source = $"public class Account {{ public readonly object Gate = new(); public void Add() {{ lock ([|{locked}|]) {{ }} }} }}\n";
        VerifyNoFix(source + other.Replace("lock (this)", "lock ([|this|])", StringComparison.Ordinal));
    }
}

public sealed class MakeTheLockPrivateTests() : FixTests("LOCK7001", new MakeTheLockPrivate())
{
    [Fact]
    public void FieldThatOnlyItsTypeUses_BecomesPrivate() => VerifyFixAll(
        """
        public class Account
        {
            /// <summary>Locked.</summary>
            public readonly object Gate = new(); // mine
            protected internal static readonly object Sync = new();

            public void Add()
            {
                lock ([|Gate|])
                lock ([|Sync|])
                {
                }
            }
        }
        """,
        """
        public class Account
        {
            /// <summary>Locked.</summary>
            private readonly object Gate = new(); // mine
            private static readonly object Sync = new();

            public void Add()
            {
                lock (Gate)
                lock (Sync)
                {
                }
            }
        }
        """);

    [Fact]
    public void FieldThatOthersUse_IsLeftAlone() => VerifyNoFix(
        """
        public class Account
        {
            public readonly object Gate = new();

            public void Add()
            {
                lock ([|Gate|])
                {
                }
            }
        }

        public class Bank
        {
            public object Of(Account account) => account.Gate;
        }
        """);
}
