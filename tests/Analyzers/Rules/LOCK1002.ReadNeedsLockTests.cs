// LOCK1002: a read of guarded data needs its lock, in any mode.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ReadNeedsLockTests() : RuleTests("LOCK1002")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly ReaderWriterLockSlim _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            [GuardedBy(nameof(_gate))]
            private List<int> _rows = new();

            [GuardedBy(nameof(_gate))]
            private (int Low, int High) _range;

            [GuardedBy(nameof(_gate))]
            private Func<int>? _source;

            [GuardedBy(nameof(_gate))]
            public bool Closed { get; set; }

            [GuardedBy(nameof(_gate))]
            public event Action? Changed;

            public object? Use(Table other, bool flag)
            {
                {{body}}
                return null;
            }
        }
        """);

    [Fact]
    public void ReadWithoutLock_IsReported() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public int Count => [|_count|];
        }
        """,
        "'_count' is read without holding '_gate', which guards it");

    [Theory]
    [InlineData("int x = [|_count|];")]
    [InlineData("return [|_count|];")]
    [InlineData("Console.Write([|this._count|]);")]
    [InlineData("if ([|Closed|]) { }")]
    [InlineData("while (![|Closed|]) { }")]
    [InlineData("var text = $\"{[|_count|]}\";")]
    [InlineData("int n = [|_rows|].Count;")]
    [InlineData("foreach (int row in [|_rows|]) { }")]
    [InlineData("int first = [|_rows|][0];")]
    [InlineData("int low = [|_range|].Low;")]
    [InlineData("var (low, high) = [|_range|];")]
    [InlineData("int? n = [|_source|]?.Invoke();")]
    [InlineData("[|Changed|]?.Invoke();")]
    [InlineData("bool b = this is { [|Closed|]: true };")]
    [InlineData("bool b = [|_count|] is > 1 and < 9;")]
    [InlineData("int x = [|_count|] switch { 0 => 1, _ => 2 };")]
    [InlineData("switch ([|_count|]) { case 1: break; }")]
    [InlineData("int x = Interlocked.CompareExchange(ref {|LOCK1001:_count|}, 0, 0);")]
    [InlineData("int x = Volatile.Read(ref [|_count|]);")]
    [InlineData("int x = [|other._count|];")]
    [InlineData("var rows = other?[|._rows|];")]
    [InlineData("var all = from r in [|_rows|] where r > 1 select r;")]
    [InlineData("var copy = new { Count = [|_count|] };")]
    [InlineData("int[] array = { [|_count|] };")]
    [InlineData("throw new Exception([|_count|].ToString());")]
    [InlineData("ref int count = ref _count; int x = [|count|];")]
    public void EveryFormOfRead_IsReported(string statement) => VerifyIn(statement);

    [Theory]
    [InlineData("_gate.EnterReadLock(); int x = _count; _gate.ExitReadLock();")]
    [InlineData("_gate.EnterUpgradeableReadLock(); int x = _count; _gate.ExitUpgradeableReadLock();")]
    [InlineData("_gate.EnterWriteLock(); int x = _count; _gate.ExitWriteLock();")]
    [InlineData("if (_gate.TryEnterReadLock(0)) { int x = _count; _gate.ExitReadLock(); }")]
    [InlineData("_gate.EnterReadLock(); try { return _rows.Count; } finally { _gate.ExitReadLock(); }")]
    [InlineData("string name = nameof(_count);")]
    [InlineData("var size = typeof(Table);")]
    [InlineData("if (_gate.IsReadLockHeld) { int x = _count; }")]
    public void SharedOrExclusive_IsSilent(string statement) => VerifyIn(statement);

    [Fact]
    public void TwoReadsInOneLine_AreOneFinding() => VerifyIn("int x = [|_count|] + _count;");

    [Fact]
    public void ReadAndWriteInOneStatement_AreTwoRules() => VerifyIn("{|LOCK1001:_count|} = [|_range|].Low;");

    [Fact]
    public void LambdaOfAQuery_RunsLater() => VerifyIn("_gate.EnterReadLock(); var later = _rows.Where(r => r > {|LOCK1008:_count|}); _gate.ExitReadLock(); return later;");

    [Fact]
    public void BehindTheLoop_IsReported() => VerifyIn("_gate.EnterReadLock(); while (_count > 0) { } _gate.ExitReadLock(); int x = [|_count|];");

    [Fact]
    public void Using_IsSilentInside() => Verify(
        """
        public class Table
        {
            private readonly Lock _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public int Count
            {
                get
                {
                    lock (_gate)
                    {
                        return _count;
                    }
                }
            }

            public int Scoped()
            {
                using (_gate.EnterScope())
                {
                    return _count;
                }
            }

            public int Outside()
            {
                lock (_gate)
                {
                }

                return [|_count|];
            }
        }
        """);

    [Fact]
    public void StaticDataOfAGenericType_HasALockForEachConstruction() => Verify(
        """
        public static class Cache<T>
        {
            internal static readonly object Gate = new();

            [GuardedBy(nameof(Gate))]
            internal static int Count;

            public static int Own()
            {
                lock (Gate)
                {
                    return Count;
                }
            }
        }

        public static class User
        {
            public static int Right()
            {
                lock (Cache<int>.Gate)
                {
                    return Cache<int>.Count;
                }
            }

            public static int Wrong()
            {
                lock (Cache<int>.Gate)
                {
                    return [|Cache<long>.Count|];
                }
            }
        }
        """);

    [Fact]
    public void Indexer_IsData() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            public int this[int row] => row;

            public int First() => [|this[0]|];

            public int Locked()
            {
                lock (_gate)
                {
                    return this[0];
                }
            }
        }
        """);

    [Fact]
    public void OverriddenProperty_InheritsItsGuard() => Verify(
        """
        public abstract class Source
        {
            protected readonly Gate Gate = new();

            [GuardedBy(nameof(Gate))]
            public abstract int Value { get; }
        }

        public sealed class One : Source
        {
            public override int Value => 1;

            public int Twice() => 2 * [|Value|];
        }
        """);

    [Fact]
    public void ComparedWithNull_IsARead() => VerifyIn("return [|_source|] is null;");

    [Fact]
    public void AsyncMethod_IsCheckedBehindTheAwait() => Verify(
        """
        public class Table
        {
            private readonly AsyncGate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public async Task<int> Count()
            {
                await _gate.EnterAsync();
                int count = _count;
                await Task.Delay(1);
                count += _count;
                _gate.Exit();
                await Task.Delay(1);
                return count + [|_count|];
            }
        }
        """);

    [FactSince("4.14", "Reading the elements of a collection expression")]
    public void ElementOfACollectionExpression_IsReported() => VerifyIn("List<int> all = [1, [|_count|]];");

    [Fact]
    public void Miss_Reflection_IsSilent() => VerifyIn("return typeof(Table).GetField(\"_count\")?.GetValue(this);");
}
