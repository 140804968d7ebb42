// A private object is locked instead of one that others can lock too.
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
}
