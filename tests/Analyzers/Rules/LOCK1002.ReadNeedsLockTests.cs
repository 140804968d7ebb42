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

    [Theory]
    [InlineData("private readonly object _sync = new(); public object Sync => _sync;", "_sync")]
    [InlineData("private readonly object _sync = new(); object ITable.Sync => _sync;", "_sync")]
    [InlineData("public object Sync { get; } = new();", "Sync")]
    public void ContractOfAnInterface_IsThatOfItsImplementation(string sync, string name) => Verify(
        $$"""
        public interface ITable
        {
            object Sync { get; }

            [GuardedBy(nameof(Sync))]
            int Size { get; set; }

            [Requires(nameof(Sync))]
            int this[int at] { get; }

            [Requires(nameof(Sync))]
            int Count();
        }

        public class Table : ITable
        {
            {{sync}}

            [GuardedBy("{{name}}")]
            private int _size;

            public int Size { get => _size; set => _size = value; }

            public int this[int at] => _size + at;

            public int Count() => _size;

            public int Plain() => [|_size|];

            public int Own() => [|Size|] + {|LOCK1005:Count()|};

            public int Locked() { lock ({{name}}) return Size + Count() + this[1] + Total(this); }

            [Requires("table.Sync")]
            private static int Total(ITable table) => table.Size + table.Count();

            public static int Use(Table table) { lock (((ITable)table).Sync) return Total(table) + table.Count() + table._size; }

            public static int Forget(Table table) => {|LOCK1005:Total(table)|};
        }
        """);

    [Fact]
    public void LockThatAnOverrideHandsOut_IsThatOfTheBase() => Verify(
        """
        public abstract class Table
        {
            protected abstract object Sync { get; }

            [Requires(nameof(Sync))]
            protected abstract int Count();

            public int Total() { lock (Sync) return Count(); }
        }

        public class Rows : Table
        {
            private readonly object _rows = new();

            [GuardedBy(nameof(_rows))]
            private int _count;

            protected override object Sync => _rows;

            protected override int Count() => _count;

            public int Here() { lock (_rows) return Count() + _count; }

            public int There() { lock (Sync) return Count() + _count; }

            public int Nowhere() => {|LOCK1005:Count()|};
        }
        """);

    [Theory]
    [InlineData("public int Count { get => _count; set => _count = value; }")]
    [InlineData("public int Count { get { return _count; } set { _count = value; } }")]
    public void CodeOfAGuardedProperty_RunsUnderItsLock(string property) => Verify(
        $$"""
        public class Table
        {
            private readonly ReaderWriterLockSlim _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            [GuardedBy(nameof(_gate))]
            {{property}}

            public int Read()
            {
                _gate.EnterReadLock();
                try { return Count; } finally { _gate.ExitReadLock(); }
            }

            public int Forget() => [|Count|];
        }
        """);
}
