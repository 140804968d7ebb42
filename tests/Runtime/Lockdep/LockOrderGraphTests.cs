// The lock-order graph as data: what is exported, read back, drawn and compared.
using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Validation;

public sealed class LockOrderGraphTests : ValidatedTest
{
    private static readonly LockOrderGraph s_derived = new(
        "derived",
        ["N.T._alone"],
        [new("N.T._a", "N.T._b", "EN", "T.cs:3", "T.cs:4"), new("N.T._b", "N.T._c", "EN,SR")]);

    [Fact]
    public void Observed_HasEveryDependencyInEveryMode()
    {
        var a = new MutexLock(LockClass.Named("graph.A"));
        var b = new RwSemaphore(LockClass.Named("graph.B"));
        var c = new SrcuDomain(LockClass.Named("graph.C"));
        using (a.Enter())
        using (b.EnterRead())
        using (c.EnterRead())
        {
        }

        using (b.EnterWrite())
        using (c.EnterRead())
        {
        }

        string text = Regex.Replace(LockOrderGraph.Observed().ToString(), @"\.cs:\d+", ".cs:L");
        Assert.Equal(
            "locking-graph 1\tobserved\n"
            + "class\tgraph.A\nclass\tgraph.B\nclass\tgraph.C\n"
            + "edge\tgraph.A\tgraph.B\tEN\tLockOrderGraphTests.cs:L\tLockOrderGraphTests.cs:L\n"
            + "edge\tgraph.A\tgraph.C\tER\tLockOrderGraphTests.cs:L\tLockOrderGraphTests.cs:L\n"
            + "edge\tgraph.B\tgraph.C\tER,SR\tLockOrderGraphTests.cs:L\tLockOrderGraphTests.cs:L\n",
            text);
    }

    [Fact]
    public void Text_ReadsBack()
    {
        LockOrderGraph read = LockOrderGraph.Read(new StringReader(s_derived.ToString()));
        Assert.Equal(s_derived.ToString(), read.ToString());
        Assert.Equal(["N.T._a", "N.T._alone", "N.T._b", "N.T._c"], read.Classes);
        Assert.Equal(s_derived.Edges, read.Edges);
        Assert.Equal("derived", read.Source);
    }

    [Theory]
    [InlineData("", "Line 1: expected 'locking-graph 1', a tab and the source.")]
    [InlineData("locking-graph 2\tderived\n", "Line 1: expected 'locking-graph 1', a tab and the source.")]
    [InlineData("locking-graph 1\tx\nclass\tA\nedge\tA\tB\n", "Line 3: expected 'class' with a name, or 'edge' with five fields, separated by tabs.")]
    public void BadText_IsRefusedWithItsLine(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => LockOrderGraph.Read(new StringReader(text))).Message);

    [Fact]
    public void BadGraph_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new LockOrderGraph("x", [], [new("A", "B", "EN"), new("A", "B", "SN")]));
        Assert.Throws<ArgumentException>(() => new LockOrderGraph("x", ["A\tB"], []));
    }

    [Fact]
    public void Dot_DrawsIt() => Assert.Equal(
        """
        digraph locking {
          rankdir=TB;
          node [shape=box];
          "A";
          "B \"x\"";
          "A" -> "B \"x\"" [label="ER", style=dashed];
          "B \"x\"" -> "A" [label="EN"];
        }

        """.ReplaceLineEndings("\n"),
        new LockOrderGraph("x", [], [new("A", "B \"x\"", "ER"), new("B \"x\"", "A", "EN")]).ToDot());

    [Fact]
    public void Difference_ListsWhatOneSawAndTheOtherDidNot()
    {
        var observed = new LockOrderGraph("observed", [], [new("N.T._b", "N.T._c", "EN"), new("N.T._c", "N.T._d", "EN", "T.cs:8", "T.cs:9")]);
        LockOrderDifference difference = observed.CompareWith(s_derived);
        Assert.False(difference.IsEmpty);
        Assert.Equal(["N.T._d"], difference.OnlyInFirst.Select(e => e.Inner));
        Assert.Equal(["N.T._a"], difference.OnlyInSecond.Select(e => e.Outer));
        Assert.Single(difference.InOtherModes);
        Assert.Equal(
            """
            only observed: N.T._c -> N.T._d (EN) at T.cs:8, T.cs:9
            only derived: N.T._a -> N.T._b (EN) at T.cs:3, T.cs:4
            N.T._b -> N.T._c: EN observed, EN,SR derived

            """.ReplaceLineEndings("\n"),
            difference.ToString());
    }

    [Fact]
    public void EqualGraphs_DoNotDiffer()
    {
        LockOrderDifference difference = s_derived.CompareWith(s_derived);
        Assert.True(difference.IsEmpty);
        Assert.Equal("", difference.ToString());
    }
}
