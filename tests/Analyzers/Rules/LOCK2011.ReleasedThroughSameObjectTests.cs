// LOCK2011: a lock is released through the object that it was acquired through.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ReleasedThroughSameObjectTests() : RuleTests("LOCK2011")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Cell
        {
            public readonly Gate Gate = new();
            private Cell? _next;
            private readonly Cell[] _cells = new Cell[4];

            public int Use(Cell cell, Cell other, bool flag, int i)
            {
                {{body}}
                return 0;
            }

            public void Link(Cell next) => _next = next;
        }
        """);

    [Fact]
    public void VariableAssignedInBetween_IsReportedWithTheAcquire() => Verify(
        """
        public class Cell
        {
            public readonly Gate Gate = new();

            public static void Use(Cell cell, Cell other)
            {
                {|#0:cell.Gate.Enter()|};
                cell = other;
                [|cell.Gate.Exit()|];
            }
        }
        """, "'cell.Gate' was acquired through this expression, which now leads to another object");

    [Theory]
    [InlineData("cell.Gate.Enter(); cell = other; [|cell.Gate.Exit()|];")]
    [InlineData("cell.Gate.Enter(); if (flag) cell = other; [|cell.Gate.Exit()|];")]
    [InlineData("cell.Gate.Enter(); cell = flag ? other : cell; [|cell.Gate.Exit()|];")]
    [InlineData("cell.Gate.Enter(); cell = other ?? cell; [|cell.Gate.Exit()|];")]
    [InlineData("cell.Gate.Enter(); (cell, other) = (other, cell); [|cell.Gate.Exit()|];")]
    [InlineData("Cell local = cell; local.Gate.Enter(); local = other; [|local.Gate.Exit()|];")]
    [InlineData("_next!.Gate.Enter(); _next = other; [|_next.Gate.Exit()|];")]
    [InlineData("_cells[i].Gate.Enter(); i = 3; [|_cells[i].Gate.Exit()|];")]
    [InlineData("cell.Gate.Enter(); try { cell = other; } finally { [|cell.Gate.Exit()|]; }")]
    [InlineData("cell.Gate.Enter(); Change(ref cell, other); [|cell.Gate.Exit()|]; static void Change(ref Cell c, Cell o) => c = o;")]
    [InlineData("object gate = cell; Monitor.Enter(gate); gate = other; [|Monitor.Exit(gate)|];")]
    public void AnotherObject_IsReported(string statements) => VerifyIn(statements);

    [Theory]
    [InlineData("cell.Gate.Enter(); cell.Gate.Exit(); cell = other;")]
    [InlineData("Cell local = cell; local.Gate.Enter(); cell = other; local.Gate.Exit();")]
    [InlineData("Cell local = cell; cell.Gate.Enter(); cell = other; local.Gate.Exit();")]
    [InlineData("cell.Gate.Enter(); Cell old = cell; cell = other; old.Gate.Exit();")]
    [InlineData("_cells[i].Gate.Enter(); _cells[i].Gate.Exit(); i++;")]
    [InlineData("for (int k = 0; k < 4; k++) { _cells[k].Gate.Enter(); _cells[k].Gate.Exit(); }")]
    [InlineData("lock (cell) { cell = other; }")]
    [InlineData("cell.Gate.Enter(); cell = cell; cell.Gate.Exit();")]
    public void SameObject_IsSilent(string statements) => VerifyIn(statements.Replace("cell = cell;", "cell = (Cell)cell;"));

    [Fact]
    public void DifferentWords_AreTwoOtherMistakes() => VerifyIn("{|LOCK2001:cell.Gate.Enter()|}; {|LOCK2003:other.Gate.Exit()|};");

    /// <summary>One loop goes through many locks and acquires them, another releases them; within one loop the variable has to stay.</summary>
    [Theory]
    [InlineData("int k; for (k = 0; k < locks.Count; k++) { one = locks[k]; Monitor.Enter(one); } while (--k >= 0) { one = locks[k]; Monitor.Exit(one); }")]
    [InlineData("int k = 0; try { for (; k < locks.Count; k++) { one = locks[k]; Monitor.Enter(one); } } finally { while (--k >= 0) { one = locks[k]; Monitor.Exit(one); } }")]
    [InlineData("for (int k = 0; k < locks.Count; k++) { one = locks[k]; Monitor.Enter(one); one = locks[k + 1]; [|Monitor.Exit(one)|]; }")]
    public void VariableOfALoop_IsOneOfMany(string body) => Verify(
        $$"""
        public class Stripes
        {
            public void M(List<object> locks, object one) { {{body}} }
        }
        """);
}
