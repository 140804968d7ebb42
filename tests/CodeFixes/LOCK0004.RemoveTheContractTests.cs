// A contract that changes nothing is removed.
using Locking.CodeFixes;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.CodeFixes;

public sealed class RemoveTheContractTests() : FixTests("LOCK0004", new RemoveTheContract())
{
    [Theory]
    [InlineData("""[[|GuardedBy("_gate")|]] private readonly int _limit = 3;""", "private readonly int _limit = 3;", "Remove [GuardedBy]")]
    [InlineData("""[[|Unguarded("why")|], Obsolete] private readonly int _limit = 3;""", "[Obsolete] private readonly int _limit = 3;", "Remove [Unguarded]")]
    [InlineData("""[Obsolete, [|Unguarded("why")|]] private readonly int _limit = 3;""", "[Obsolete] private readonly int _limit = 3;", "Remove [Unguarded]")]
    [InlineData("""[GuardedBy("_gate", [|"_gate"|])] private int _limit = 3;""", """[GuardedBy("_gate")] private int _limit = 3;""", "Remove \"_gate\"")]
    [InlineData("""[GuardedBy("_gate"), GuardedBy([|"_gate"|])] private int _limit = 3;""", """[GuardedBy("_gate")] private int _limit = 3;""", "Remove [GuardedBy]")]
    [InlineData(
        """[NoThreadSafetyAnalysis("why"), TryAcquires(true, "_gate"), TryAcquires(true, [|"_gate"|])] private bool Try() => true;""",
        """[NoThreadSafetyAnalysis("why"), TryAcquires(true, "_gate")] private bool Try() => true;""",
        "Remove [TryAcquires]")]
    public void Member_LosesIt(string member, string expected, string title) => VerifyFix(Account(member), Account(expected), title);

    [Fact]
    public void CommentsAndLines_Stay() => VerifyFix(
        """
        public class Account
        {
            private int _balance;

            /// <summary>Half of it.</summary>
            [[|NoThreadSafetyAnalysis("why")|]] // Not needed.
            public static int Half(int number) => number / 2;
        }
        """,
        """
        public class Account
        {
            private int _balance;

            /// <summary>Half of it.</summary>
            public static int Half(int number) => number / 2;
        }
        """,
        "Remove [NoThreadSafetyAnalysis]");

    private static string Account(string member) =>
        $$"""
        public class Account
        {
            private readonly Lock _gate = new();

            {{member}}
        }
        """;
}
