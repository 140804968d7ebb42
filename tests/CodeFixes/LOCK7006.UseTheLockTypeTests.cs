// An object that is only a lock becomes a System.Threading.Lock.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class UseTheLockTypeTests() : FixTests("LOCK7006", new UseTheLockType())
{
    [Fact]
    public void Everywhere_FieldsAndWhatTheyAreMadeWith() => VerifyFixAll(
        """
        using System;

        class Account
        {
            // Guards everything.
            private readonly object [|_gate|] = new object(); // once
            private static readonly Object [|s_gate|] = new();

            public void Use()
            {
                lock (_gate)
                lock (s_gate)
                {
                }
            }
        }
        """,
        """
        using System;
        using System.Threading;

        class Account
        {
            // Guards everything.
            private readonly Lock _gate = new Lock(); // once
            private static readonly Lock s_gate = new();

            public void Use()
            {
                lock (_gate)
                lock (s_gate)
                {
                }
            }
        }
        """,
        withUsings: false);

    [Fact]
    public void OneField_IsChanged() => VerifyFix(
        """
        class Account
        {
            private readonly object [|_gate|] = new object();

            public void Use() { lock (_gate) { } }
        }
        """,
        """
        class Account
        {
            private readonly Lock _gate = new Lock();

            public void Use() { lock (_gate) { } }
        }
        """,
        "Make '_gate' a System.Threading.Lock");

    [Fact]
    public void FieldThatIsGivenItsObject_IsLeftAlone() => VerifyNoFix("""
        class Account
        {
            private readonly object [|_gate|];

            public Account() => _gate = new object();

            public void Use() { lock (_gate) { } }
        }
        """.Replace("[|", "").Replace("|]", ""));

    [Fact]
    public void NameThatMeansSomethingElse_IsQualified() => VerifyFix(
        """
        class Lock
        {
            private readonly object [|_gate|] = new object();

            public void Use() { lock (_gate) { } }
        }
        """,
        """
        class Lock
        {
            private readonly System.Threading.Lock _gate = new System.Threading.Lock();

            public void Use() { lock (_gate) { } }
        }
        """);
}
