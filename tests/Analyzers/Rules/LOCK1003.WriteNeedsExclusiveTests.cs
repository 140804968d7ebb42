// LOCK1003: a write to guarded data or contents needs its lock exclusively.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class WriteNeedsExclusiveTests() : RuleTests("LOCK1003")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly ReaderWriterLockSlim _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            [GuardedBy(nameof(_gate))]
            private DateTime _stamp;

            [GuardedBy(nameof(_gate))]
            private Point _point;

            [GuardedBy(nameof(_gate)), ContentsGuardedBy(nameof(_gate))]
            private readonly Dictionary<int, int> _rows = new();

            public void Use(bool flag)
            {
                {{body}}
            }

            private struct Point
            {
                public int X;

                public readonly int Twice() => 2 * X;

                public void Move() => X++;
            }
        }
        """);

    [Fact]
    public void WriteUnderAReadLock_IsReported() => Verify(
        """
        public class Table
        {
            private readonly ReaderWriterLockSlim _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _hits;

            public int Look()
            {
                _gate.EnterReadLock();
                try
                {
                    return ++[|_hits|];
                }
                finally
                {
                    _gate.ExitReadLock();
                }
            }
        }
        """,
        "'_hits' is written while '_gate' is held only shared");

    [Theory]
    [InlineData("[|_count|] = 1;")]
    [InlineData("[|_count|]++;")]
    [InlineData("Interlocked.Increment(ref [|_count|]);")]
    [InlineData("[|_point|].X = 1;")]
    [InlineData("[|_point|].Move();")]
    [InlineData("[|_rows.Add(1, 1)|];")]
    [InlineData("[|_rows[1]|] = 1;")]
    [InlineData("var rows = _rows; [|rows.Clear()|];")]
    [InlineData("([|_count|], int x) = (1, 2);")]
    [InlineData("_ = flag ? [|_count|] = 1 : 0;")]
    public void UnderAReadLock_IsReported(string statement) => VerifyIn($"_gate.EnterReadLock(); {statement} _gate.ExitReadLock();");

    [Theory]
    [InlineData("int x = _count;")]
    [InlineData("int x = _point.Twice();")]
    [InlineData("int x = _point.X;")]
    [InlineData("var x = _stamp.AddDays(1);")]
    [InlineData("int x = _rows[1] + _rows.Count;")]
    [InlineData("bool x = _rows.TryGetValue(1, out int value);")]
    [InlineData("foreach (var row in _rows) { }")]
    [InlineData("int x = _rows.Keys.Count;")]
    public void ReadsUnderAReadLock_AreSilent(string statement) => VerifyIn($"_gate.EnterReadLock(); {statement} _gate.ExitReadLock();");

    [Fact]
    public void Upgradeable_CountsAsShared() => VerifyIn("_gate.EnterUpgradeableReadLock(); [|_count|] = 1; _gate.ExitUpgradeableReadLock();");

    [Fact]
    public void Upgraded_IsSilent() => VerifyIn(
        "_gate.EnterUpgradeableReadLock(); _gate.EnterWriteLock(); _count = 1; _gate.ExitWriteLock(); [|_count|] = 2; _gate.ExitUpgradeableReadLock();");

    [Fact]
    public void SharedOnOneWay_IsReported() => VerifyIn(
        """
        if (flag) _gate.EnterReadLock(); else _gate.EnterWriteLock();
                [|_count|] = 1;
                if (flag) _gate.ExitReadLock(); else _gate.ExitWriteLock();
        """);

    [Fact]
    public void NotHeldOnOneWay_IsAnotherRule() => VerifyIn(
        """
        if (flag) _gate.EnterReadLock();
                {|LOCK1001:_count|} = 1;
                if (flag) _gate.ExitReadLock();
        """);

    [Fact]
    public void CorrelatedModes_AreSilent() => VerifyIn(
        """
        if (flag) _gate.EnterWriteLock(); else _gate.EnterReadLock();
                if (flag) _count = 1;
                if (flag) _gate.ExitWriteLock(); else _gate.ExitReadLock();
        """);

    [Fact]
    public void RequiresShared_IsNotEnough() => Verify(
        """
        public class Table
        {
            private readonly RwGate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            [RequiresShared(nameof(_gate))]
            public void Wrong() => [|_count|]++;

            [Requires(nameof(_gate))]
            public void Right() => _count++;
        }
        """);

    [Fact]
    public void LockWithoutAnExclusiveMode_IsEnough() => Verify(
        """
        public class Table
        {
            private readonly Srcu _srcu = new();

            [GuardedBy(nameof(_srcu))]
            private int _count;

            public void Write()
            {
                _srcu.Enter();
                _count = 1;
                _srcu.Exit();
            }
        }
        """);

    [Fact]
    public void Downgrade_IsSharedFromThereOn() => VerifyIn(
        "_gate.EnterUpgradeableReadLock(); _gate.EnterReadLock(); _gate.ExitUpgradeableReadLock(); [|_count|] = 2; _gate.ExitReadLock();");

    [Fact]
    public void AssertedExclusive_IsBelieved() => Verify(
        """
        public class Table
        {
            private readonly ReaderWriterLockSlim _gate = new(LockRecursionPolicy.SupportsRecursion);

            [GuardedBy(nameof(_gate))]
            private int _count;

            [RequiresShared(nameof(_gate))]
            public void Change()
            {
                if (_gate.IsWriteLockHeld)
                {
                    _count++;
                }
                else
                {
                    [|_count|]++;
                }
            }
        }
        """);

    [Fact]
    public void Miss_MutationThroughAnExtensionMethod_IsTakenForARead() => Verify(
        """
        public class Table
        {
            private readonly RwGate _gate = new();

            [ContentsGuardedBy(nameof(_gate))]
            private readonly List<int> _rows = new();

            public void Fill()
            {
                _gate.EnterRead();
                _rows.AddTwice(1);
                _gate.ExitRead();
            }
        }

        public static class Lists
        {
            public static void AddTwice(this List<int> list, int item) => list.AddRange(new[] { item, item });
        }
        """);

    /// <summary>What a library makes of the methods of object looks, and changes nothing.</summary>
    [Theory]
    [InlineData("_ = _text.ToString();")]
    [InlineData("_ = _text.GetHashCode();")]
    [InlineData("[|_text.Clear()|];")]
    public void MethodsOfObject_OnlyRead(string body) => Verify(
        $$"""
        public class Log
        {
            private readonly RwGate _gate = new();
            [ContentsGuardedBy(nameof(_gate))] private readonly System.Text.StringBuilder _text = new();

            public void Run() { _gate.EnterRead(); {{body}} _gate.ExitRead(); }
        }
        """);
}
