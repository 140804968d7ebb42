// A lock that nobody reassigns becomes readonly.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class MakeTheLockReadonlyTests() : FixTests("LOCK7002", new MakeTheLockReadonly())
{
    private const string Mutable = "lock7002.fields = mutable";

    [Fact]
    public void FieldThatIsNeverReassigned_BecomesReadonly() => VerifyFix(
        """
        class Account
        {
            // Guards the balance.
            private object _gate = new();

            public void Use()
            {
                lock ([|_gate|])
                {
                }
            }
        }
        """,
        """
        class Account
        {
            // Guards the balance.
            private readonly object _gate = new();

            public void Use()
            {
                lock (_gate)
                {
                }
            }
        }
        """,
        "Make '_gate' readonly",
        Mutable);

    [Fact]
    public void FieldWithoutModifiers_KeepsItsComment() => VerifyFixAll(
        """
        class Account
        {
            /* mine */ object _gate = new();
            static object s_gate = new();

            public void Use()
            {
                lock ([|_gate|])
                lock ([|s_gate|])
                {
                }

                lock ([|this._gate|])
                {
                }
            }
        }
        """,
        """
        class Account
        {
            /* mine */ readonly object _gate = new();
            static readonly object s_gate = new();

            public void Use()
            {
                lock (_gate)
                lock (s_gate)
                {
                }

                lock (this._gate)
                {
                }
            }
        }
        """,
        editorConfig: Mutable);

    [Fact]
    public void FieldThatIsReassigned_IsLeftAlone() => VerifyNoFix("""
        class Account
        {
            private object _gate = new();

            public void Use()
            {
                lock ([|_gate|])
                {
                    _gate = new object();
                }
            }
        }
        """);
}
