// LOCK1004: what a guarded reference points to needs the lock that guards it.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ContentsNeedLockTests() : RuleTests("LOCK1004")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();

            [ContentsGuardedBy(nameof(_gate))]
            private List<int> _rows = new();

            [ContentsGuardedBy(nameof(_gate))]
            private readonly int[] _cells = new int[4];

            [ContentsGuardedBy(nameof(_gate))]
            public Table? Next { get; set; }

            private int _count;

            public object? Use(Table other, bool flag)
            {
                {{body}}
                return null;
            }
        }
        """);

    [Theory]
    [InlineData("List<int> rows; lock (_gate) { rows = _rows; _rows = new(); } return rows.Count;")]
    [InlineData("List<int> rows = Interlocked.Exchange(ref _rows, new()); return rows.Count;")]
    [InlineData("List<int> rows; lock (_gate) { rows = _rows; if (flag) { _rows = new(); } } return [|rows.Count|];")]
    [InlineData("lock (_gate) { _rows = new(); } [|_rows.Add(1)|];")]
    public void WhatWasTakenOut_IsOnesOwn(string body) => VerifyIn(body);

    [Fact]
    public void AtomicOperationOnContents_IsAUse() => VerifyIn("Interlocked.Increment(ref [|Next!._count|]);");

    [Theory]
    [InlineData("Span<int> view = [|_cells|]; view[0] = 1;")]
    [InlineData("Memory<int> view = [|_cells|]; return view;")]
    [InlineData("lock (_gate) { Span<int> view = _cells; view[0] = 1; }")]
    public void ViewOfAnArray_IsAUse(string body) => VerifyIn(body);

    [Theory]
    [InlineData("Span<int> view; lock (_gate) { view = _cells; view[0] = 1; }\n[|view[0]|] = 2;")]
    [InlineData("Span<int> view; lock (_gate) { view = _cells.AsSpan(1).Slice(1); view.Clear(); }\n[|view.Clear()|];")]
    [InlineData("Span<int> view; lock (_gate) { view = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rows); view[0]++; }\n[|view[0]|]++;")]
    [InlineData("Memory<int> view; lock (_gate) { view = _cells.AsMemory(); view.Span[0] = 1; }\n[|view.Span[0]|] = 2;")]
    [InlineData("ReadOnlySpan<int> view; lock (_gate) { view = _cells; }\nforeach (int cell in [|view|]) { _count = cell; }")]
    [InlineData("Span<int> view; lock (_gate) { view = _cells; }\n_count = view.Length;")]
    [InlineData("Span<int> view; lock (_gate) { view = _cells; }\nview = new int[1]; view[0] = 1;")]
    [InlineData("int[] copy; lock (_gate) { copy = _cells.AsSpan().ToArray(); }\ncopy[0] = 1;")]
    public void ViewUsedAfterTheLock_IsReported(string body) => VerifyIn(body);

    [Theory]
    [InlineData("ref int cell = ref _cells[0]; [|cell|] = 1;")]
    [InlineData("ref int cell = ref _cells[0]; _count = [|cell|];")]
    [InlineData("int[] cells; lock (_gate) { cells = _cells; }\nref int cell = ref cells[0]; [|cell|]++;")]
    [InlineData("ref int cell = ref _cells[0]; lock (_gate) { cell = 1; }")]
    [InlineData("int[] own = new int[1]; ref int cell = ref _cells[0]; cell = ref own[0]; cell = 1;")]
    public void ReferenceToAnElement_IsNoUse_ButUsingItIs(string body) => VerifyIn(body);

    [Theory]
    [InlineData("IEnumerable<int> odd; lock (_gate) { odd = _rows.Where(r => r % 2 == 1); } return [|odd.Count()|];")]
    [InlineData("IEnumerable<int> odd; lock (_gate) { odd = _rows.Where(r => r % 2 == 1).Select(r => r + 1); } foreach (int row in [|odd|]) { _count = row; }")]
    [InlineData("IEnumerable<int> odd; lock (_gate) { odd = _rows.Where(r => r % 2 == 1).ToList(); } return odd.Count();")]
    [InlineData("lock (_gate) { IEnumerable<int> odd = _rows.Where(r => r % 2 == 1); return odd.Count(); }")]
    public void SequenceThatIsGoneThroughAfterTheLock_IsReported(string body) => VerifyIn(body);

    [Fact]
    public void UseOfContentsWithoutLock_IsReported() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            [ContentsGuardedBy(nameof(_gate))]
            private readonly List<int> _rows = new();

            public void Add(int row) => [|_rows.Add(row)|];
        }
        """,
        "The contents of '_rows' are used without holding '_gate', which guards them");

    [Theory]
    [InlineData("[|_rows.Add(1)|];")]
    [InlineData("int n = [|_rows.Count|];")]
    [InlineData("int x = [|_rows[0]|];")]
    [InlineData("[|_rows[0]|] = 1;")]
    [InlineData("[|_rows[0]|]++;")]
    [InlineData("int x = [|_cells[0]|];")]
    [InlineData("[|_cells[0]|] = 1;")]
    [InlineData("int n = [|_cells.Length|];")]
    [InlineData("int? x = [|Next?._count|];")]
    [InlineData("var rows = _rows; [|rows.Clear()|];")]
    [InlineData("var rows = flag ? _rows : _rows; [|rows.Clear()|];")]
    [InlineData("bool any = [|_rows.Any()|];")]
    [InlineData("[|other._rows.Clear()|];")]
    [InlineData("var first = _rows is { [|Count|]: > 0 };")]
    public void EveryUse_IsReported(string statement) => VerifyIn(statement);

    [Fact]
    public void NullForgiven_IsReportedAtTheMember() => VerifyIn("int x = [|Next!._count|];");

    [Theory]
    [InlineData("var rows = _rows;")]
    [InlineData("_rows = new List<int>();")]
    [InlineData("bool missing = _rows is null;")]
    [InlineData("return _rows;")]
    [InlineData("if (_rows == other._rows) { }")]
    [InlineData("Next = other;")]
    public void TheReferenceItself_IsFree(string statement) => VerifyIn(statement);

    [Theory]
    [InlineData("_rows.Add(1); int n = _rows.Count;")]
    [InlineData("_cells[0] = _cells[1];")]
    [InlineData("foreach (int row in _rows) { }")]
    [InlineData("Next!._count = 1;")]
    [InlineData("var rows = _rows; rows.ForEach(r => rows.Add(r));")]
    public void UnderTheLock_IsSilent(string statement) => VerifyIn($"lock (_gate) {{ {statement} }}");

    [Fact]
    public void Enumeration_IsOneFinding() => VerifyIn("foreach (int row in [|_rows|]) { }");

    [Fact]
    public void CopyOfTheReferenceUsedBehindTheLock_IsReported() => VerifyIn("List<int> rows; lock (_gate) { rows = _rows; rows.Clear(); } [|rows.Clear()|];");

    [Fact]
    public void ReplacedList_IsFreshUntilItIsStored() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            [ContentsGuardedBy(nameof(_gate))]
            private List<int> _rows = new() { 1 };

            public Table() => _rows.Add(2);

            public void Replace()
            {
                var rows = new List<int> { 1 };
                rows.Add(2);
                lock (_gate)
                {
                    _rows = rows;
                }
            }
        }
        """);

    [Fact]
    public void BothGuards_AreTwoQuestions() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate)), ContentsGuardedBy(nameof(_gate))]
            private List<int> _rows = new();

            public int Count => {|LOCK1002:[|_rows|].Count|};
        }
        """.Replace("{|LOCK1002:[|_rows|].Count|}", "[|{|LOCK1002:_rows|}.Count|]"));

    [Fact]
    public void WriteUnderAReadLock_IsAnotherRule() => Verify(
        """
        public class Table
        {
            private readonly RwGate _gate = new();

            [ContentsGuardedBy(nameof(_gate))]
            private readonly List<int> _rows = new();

            public int Look()
            {
                _gate.EnterRead();
                int count = _rows.Count;
                {|LOCK1003:_rows.Clear()|};
                _gate.ExitRead();
                return count;
            }
        }
        """);

    [Fact]
    public void Property_GuardsWhatItReturns() => Verify(
        """
        public class Owner
        {
            public readonly Gate Gate = new();

            [ContentsGuardedBy(nameof(Gate))]
            public List<int> Rows { get; } = new();
        }

        public static class User
        {
            public static void Use(Owner owner)
            {
                [|owner.Rows.Add(1)|];
                owner.Gate.Enter();
                owner.Rows.Add(2);
                owner.Gate.Exit();
            }
        }
        """);

    [Fact]
    public void Static_IsCheckedLikeAnyOther() => Verify(
        """
        public static class Table
        {
            private static readonly object s_gate = new();

            [ContentsGuardedBy(nameof(s_gate))]
            private static readonly Dictionary<string, int> s_rows = new();

            public static void Add(string key)
            {
                [|s_rows[key]|] = 1;
                lock (s_gate)
                {
                    s_rows[key] = 2;
                }
            }
        }
        """);

    [Fact]
    public void Miss_ContentsPassedToACallee_AreSilent() => VerifyIn("Console.WriteLine(_rows);");

    [Fact]
    public void ElementThatIsCoalesced_IsReported() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            [ContentsGuardedBy(nameof(_gate))]
            private readonly string?[] _names = new string?[8];

            public string Wrong(int index) => [|_names[index]|] ??= "none";

            public string Right(int index)
            {
                _gate.Enter();
                string found = _names[index] ??= "none";
                _gate.Exit();
                return found;
            }
        }
        """);

    [Theory]
    [InlineData("var copy = new List<int>([|_rows|]);")]
    [InlineData("string text = string.Join(',', [|_rows|]);")]
    [InlineData("other._rows.AddRange([|_rows|]);", "[|other._rows.AddRange(_rows)|];")]
    [InlineData("Array.Sort([|_cells|]);")]
    [InlineData("int last = [|_rows[^1]|];")]
    [InlineData("bool starts = _cells is [|[1, ..]|];")]
    [InlineData("([|_rows as ICollection<int>|]).Add(1);", "[|(_rows as ICollection<int>)!.Add(1)|];")]
    public void ContentsThatTheFrameworkLooksAt_AreUsed(string statement, string? marked = null) => VerifyIn(marked ?? statement);

    [FactSince("4.14", "Spreads as operations")]
    public void Spread_IsReported() => VerifyIn("int[] all = [.. [|_rows|]];");

    [Theory]
    [InlineData("var view = new System.Collections.ObjectModel.ReadOnlyCollection<int>(_rows);")]
    [InlineData("var memory = new ReadOnlyMemory<int>(_cells);")]
    public void ContentsThatAreOnlyWrapped_AreFree(string statement) => VerifyIn(statement);

    [Fact]
    public void ArraysMethods_ChangeWhatTheyGet() => Verify(
        """
        public class Table
        {
            private readonly ReaderWriterLockSlim _rw = new();

            [ContentsGuardedBy(nameof(_rw))]
            private readonly int[] _cells = new int[4];

            public void M(int[] others)
            {
                _rw.EnterReadLock();
                Array.Sort({|LOCK1003:_cells|});
                Array.Copy(others, {|LOCK1003:_cells|}, 4);
                Array.Copy(_cells, others, 4);
                _rw.ExitReadLock();
            }
        }
        """);

    [Theory]
    [InlineData("lock (_gate) { more.ForEach(_items.Add); }")]
    [InlineData("more.ForEach([|_items.Add|]);")]
    [InlineData("lock (_gate) { return more.All(_items.Contains); }")]
    [InlineData("return more.All([|_items.Contains|]);")]
    public void MethodOfTheContentsAsADelegate_IsAUse(string body) => Verify(
        $$"""
        public class Bag
        {
            private readonly object _gate = new();
            [ContentsGuardedBy(nameof(_gate))] private readonly List<int> _items = new();

            public bool M(List<int> more) { {{body}} return false; }
        }
        """);

    [Theory]
    [InlineData("IEnumerator<int> all; lock (_gate) { all = _rows.GetEnumerator(); } while ([|all.MoveNext()|]) { }")]
    [InlineData("List<int>.Enumerator all; lock (_gate) { all = _rows.GetEnumerator(); } [|all.MoveNext()|]; all.Dispose();")]
    [InlineData("lock (_gate) { using var all = _rows.GetEnumerator(); while (all.MoveNext()) { _count = all.Current; } }")]
    [InlineData("lock (_gate) { foreach (int row in _rows) { _count = row; } }")]
    [InlineData("foreach (int row in [|_rows|]) { _count = row; }")]
    public void Enumerator_LooksAtTheCollectionAtEachStep(string body) => VerifyIn(body);

    [Theory]
    [InlineData("Dictionary<int, int>.KeyCollection keys; lock (_gate) { keys = _map.Keys; } foreach (int key in [|keys|]) { _count = key; }")]
    [InlineData("ICollection<int> values; lock (_gate) { values = _map.Values; } return [|values.Count|];")]
    [InlineData("lock (_gate) { foreach (int key in _map.Keys) { _count = key; } }")]
    public void KeysAndValues_AreThoseOfTheMoment(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private int _count;

            [ContentsGuardedBy(nameof(_gate))]
            private readonly Dictionary<int, int> _map = new();

            public int Use()
            {
                {{body}}
                return _count;
            }
        }
        """);

    /// <summary>On one of the ways to its use a variable leads to guarded contents.</summary>
    [Theory]
    [InlineData("List<int> rows = flag ? _rows : _others; [|rows.Add(1)|];")]
    [InlineData("List<int>? rows = null; if (flag) rows = _rows; rows?[|.Add(1)|];")]
    [InlineData("List<int> rows = new(); if (flag) rows = _rows; lock (_gate) { rows.Add(1); }")]
    [InlineData("List<int>? rows = null; if (flag) { lock (_gate) { rows = new(_rows); } } rows?.Add(1);")]
    public void ContentsOnOneOfTheWays_NeedTheLock(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();

            [ContentsGuardedBy(nameof(_gate))]
            private readonly List<int> _rows = new();

            [ContentsGuardedBy(nameof(_gate))]
            private readonly List<int> _others = new();

            public void Use(bool flag)
            {
                {{body}}
            }
        }
        """);

    [Theory]
    [InlineData("var (x, y) = [|_point|]; return x + y;")]
    [InlineData("lock (_gate) { var (x, y) = _point; return x + y; }")]
    public void TakenApart_IsUsed(string body) => Verify(
        $$"""
        public sealed class Point { public int X; public int Y; public void Deconstruct(out int x, out int y) { x = X; y = Y; } }

        public class Map
        {
            private readonly object _gate = new();
            [ContentsGuardedBy(nameof(_gate))] private readonly Point _point = new();

            public int Sum() { {{body}} }
        }
        """);
}
