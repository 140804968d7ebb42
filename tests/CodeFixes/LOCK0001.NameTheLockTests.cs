// A contract that names nothing gets the nearest name that exists.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class NameTheLockTests() : FixTests("LOCK0001", new NameTheLock())
{
    [Fact]
    public void Everywhere_NamesOfMembersParametersAndPhantoms() => VerifyFixAll(
        """
        public class Account
        {
            private readonly object _gate = new();
            private readonly Account? _other;

            [GuardedBy([|"gate"|])] // mine
            private int _balance;

            [GuardedBy([|"_other._gat"|])] private int _count;

            [Requires([|"acount._gate"|])]
            public static void Add(Account account) => account._balance++;

            [Requires([|"mm.User"|])]
            public void Walk(Mm mm) => _count++;
        }
        """,
        """
        public class Account
        {
            private readonly object _gate = new();
            private readonly Account? _other;

            [GuardedBy(nameof(_gate))] // mine
            private int _balance;

            [GuardedBy("_other._gate")] private int _count;

            [Requires("account._gate")]
            public static void Add(Account account) => account._balance++;

            [Requires("mm.Users")]
            public void Walk(Mm mm) => _count++;
        }
        """,
        turnsInto: "LOCK1001");

    [Fact]
    public void OneName_IsChanged() => VerifyFix(
        """
        public class Account
        {
            private readonly object _gate = new();
            [GuardedBy([|"_gaet"|])] private int _balance;
        }
        """,
        """
        public class Account
        {
            private readonly object _gate = new();
            [GuardedBy(nameof(_gate))] private int _balance;
        }
        """,
        "Name '_gate'");

    [Fact]
    public void NameThatIsNearToNothing_IsLeftAlone() => VerifyNoFix("""
        public class Account
        {
            private int _gate;
            [GuardedBy([|"_door"|])] private int _balance;
            [GuardedBy([|"_gate"|])] private int _count;
        }
        """);
}
