// Bodies beyond all measure: they are analysed, or LOCK0007 says that they are not; nothing fails and nothing hangs.
using System;
using System.Linq;
using System.Text;
using Locking.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Locking.Tests.Robustness;

public sealed class HugeBodyTests
{
    private static string[] Findings(string body, string members = "") => Analysis.Run(
            Analysis.Compile([("/Test.cs", $$"""
                using System;
                using System.Threading;
                using Locking;
                public class Table
                {
                    private readonly object _gate = new();
                    [GuardedBy(nameof(_gate))] private int _count;
                    {{members}}
                    public void Use(int n, bool flag)
                    {
                        {{body}}
                    }
                }
                """)]),
            allowErrors: true)
        .Where(d => d.Severity >= DiagnosticSeverity.Warning || d.Id == "LOCK0007")
        .Select(d => d.Id)
        .ToArray();

    private static string Repeat(int times, Func<int, string> statement)
    {
        var text = new StringBuilder();
        for (int i = 0; i < times; i++)
        {
            text.Append(statement(i)).Append('\n');
        }

        return text.ToString();
    }

    [Fact]
    public void TwentyThousandStatements_AreAnalysed() =>
        Assert.Equal(["LOCK1001"], Findings("_count = 1; lock (_gate) {" + Repeat(20_000, _ => "_count++;") + "}").Distinct());

    [Fact]
    public void TwentyThousandCalls_AreAnalysed() =>
        Assert.Equal(["LOCK1001"], Findings("_count = 1; lock (_gate) {" + Repeat(20_000, _ => "Console.Write(_count);") + "}").Distinct());

    [Fact]
    public void ThousandsOfLockStatements_AreToldToBeTooMany() =>
        Assert.Contains("LOCK0007", Findings("_count = 1;" + Repeat(3_000, _ => "lock (_gate) { _count++; }")));

    [Fact]
    public void ThousandsOfBranches_AreToldToBeTooMany() =>
        Assert.Equal(["LOCK0007"], Findings("_count = 1;" + Repeat(5_000, i => $"if (n > {i}) {{ _count++; }}")));

    [Fact]
    public void DeeplyNestedLambdas_NeitherFailNorHang() =>
        Findings("Action a = " + Repeat(60, _ => "() => { lock (_gate) { Action b = ") + "null!" + Repeat(60, _ => "; _count++; } }") + ";");

    [Fact]
    public void DeeplyNestedLocalFunctions_NeitherFailNorHang() =>
        Findings(Repeat(40, i => $"L{i}(); void L{i}() {{ lock (_gate) {{ _count++; }} ") + Repeat(40, _ => "}"));

    [Fact]
    public void DeeplyNestedBlocks_NeitherFailNorHang() =>
        Findings(Repeat(150, i => $"if (n > {i}) {{ lock (_gate) {{") + "_count++;" + Repeat(150, _ => "} }"));

    [Fact]
    public void DeeplyNestedExpression_NeitherFailsNorHangs() =>
        Findings("_count = " + string.Concat(Enumerable.Repeat("(1 + ", 400)) + "n" + new string(')', 400) + ";");

    [Fact]
    public void DeeplyNestedTries_NeitherFailNorHang() =>
        Findings(Repeat(40, _ => "Monitor.Enter(_gate); try {") + "_count++;" + Repeat(40, _ => "} finally { Monitor.Exit(_gate); }"));

    [Fact]
    public void GotoSpaghetti_NeitherFailsNorHangs() =>
        Findings(Repeat(300, i => $"L{i}: if (n == {i}) goto L{(i * 7 + 11) % 300}; if (n < {i}) Monitor.Enter(_gate); else goto L{(i * 13 + 5) % 300}; Monitor.Exit(_gate);"));

    [Fact]
    public void GotoSpaghettiThatHolds_NeitherFailsNorHangs() =>
        Findings(
            Repeat(60, i => $"L{i}: if (n == {i}) goto L{(i * 7 + 11) % 60}; if (n < {i}) Monitor.Enter(_g{i}); else goto L{(i * 13 + 5) % 60}; n++;"),
            Repeat(60, i => $"private readonly object _g{i} = new();"));

    [Fact]
    public void CyclicInitialisersAndContracts_NeitherFailNorHang() => Assert.Equal(
        ["LOCK0001"],
        Findings("", """
            [ReturnsCapability("A")] public object A => A;
            [ReturnsCapability("C")] public object B => C;
            [ReturnsCapability("D")] public object C => D;
            [ReturnsCapability("B")] public object D => B;
            [Requires("D.B.C.A")] public void Use() { }
            """).Distinct());

    [Fact]
    public void ManyMembersThatCallEachOther_NeitherFailNorHang() =>
        Findings("M0();", Repeat(400, i => $"private void M{i}() {{ lock (_gate) {{ _count++; }} M{(i * 7 + 1) % 400}(); M{(i * 3 + 2) % 400}(); }}"));
}
