// The lock that guards a field by habit is acquired where it was forgotten.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class TakeTheInferredLockTests() : FixTests("LOCK1101", new TakeTheLock())
{
    [Fact]
    public void FieldOfAnotherObject_IsUsedUnderItsLock() => VerifyFix(
        """
        public class Account
        {
            private readonly object _gate = new();
            private int _balance;

            public void Add() { lock (_gate) { _balance++; } }
            public void Take() { lock (_gate) { _balance--; } }
            public int Read() { lock (_gate) { return _balance; } }

            public static void Clear(Account account)
            {
                [|account._balance|] = 0;
            }
        }
        """,
        """
        public class Account
        {
            private readonly object _gate = new();
            private int _balance;

            public void Add() { lock (_gate) { _balance++; } }
            public void Take() { lock (_gate) { _balance--; } }
            public int Read() { lock (_gate) { return _balance; } }

            public static void Clear(Account account)
            {
                lock (account._gate)
                {
                    account._balance = 0;
                }
            }
        }
        """);
}
