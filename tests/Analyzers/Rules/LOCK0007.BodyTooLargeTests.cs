// LOCK0007: a body that exceeds a limit is not analysed, and that is said.
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class BodyTooLargeTests() : RuleTests("LOCK0007")
{
    private static string Lines(int count, System.Func<int, string> line) => string.Join("\n", Enumerable.Range(0, count).Select(line));

    private void VerifyIn(string name, string body, string members = "", string? message = null) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            {{members}}

            public void {{name}}(int n, bool[] flags)
            {
                {{body}}
            }
        }
        """, message);

    /// <summary>Each lock that may or may not be held doubles the states.</summary>
    private static string Tries(int locks) =>
        Lines(locks, i => $"bool t{i} = flags[{i}] && _g{i}.TryEnter();") + "n++;\n" + Lines(locks, i => $"if (t{i}) _g{i}.Exit();");

    private static string Gates(int locks) => Lines(locks, i => $"private readonly Gate _g{i} = new();");

    [Fact]
    public void MoreStatesThanTheLimit_AreTold() =>
        VerifyIn("[|Use|]", "_count = 1;\n" + Tries(6), Gates(6), "'Use' is not analysed: it has more than 48 states");

    [Fact]
    public void AsManyStatesAsTheLimit_AreAnalysed()
    {
        Assert.InRange(LocksetFlow.MaxStates, 32, 63);
        VerifyIn("Use", "{|LOCK1001:_count|} = 1;\n" + Tries(5), Gates(5));
    }

    [Fact]
    public void MoreNodesThanTheLimit_AreTold() =>
        VerifyIn("[|Use|]", "_count = 1;\n" + Lines(GraphBuilder.MaxNodes, i => $"if (n > {i}) _count++;"), message: "'Use' is not analysed: it has more than 4000 nodes");

    [Fact]
    public void MoreVariablesTimesNodesThanTheLimit_AreTold() =>
        VerifyIn("[|Use|]", "_count = 1;\n" + Lines(1_300, i => $"int v{i} = n + {i}; if (v{i} > n) n++;") + Lines(1_000, i => $"int w{i} = n;"), message: "'Use' is not analysed: it has more than 4000000 nodes times variables");

    [Fact]
    public void LambdasOfTheBody_GoWithIt() =>
        VerifyIn("[|Use|]", Tries(6) + "Action later = () => _count++; later(); Task.Run(() => _count++);", Gates(6));

    [Fact]
    public void CallersTakeItToLeaveEverythingAsItIs() => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();
            {{Gates(6)}}

            public void Use(int n, bool[] flags)
            {
                _gate.Enter();
                Large(n, flags);
                _gate.Exit();
            }

            private void [|Large|](int n, bool[] flags)
            {
                _gate.Exit();
                {{Tries(6)}}
            }
        }
        """);

    [Fact]
    public void UncheckedMember_IsNotMentioned() => Verify(
        $$"""
        public class Table
        {
            {{Gates(6)}}

            [NoThreadSafetyAnalysis("generated")]
            public void Use(int n, bool[] flags)
            {
                {{Tries(6)}}
            }
        }
        """);

    [Fact]
    public void OrdinaryBody_IsSilent() => VerifyIn("Use", "_gate.Enter(); _count++; _gate.Exit();");
}
