// LOCK1007: a reference to guarded data does not leave its lock.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ReferenceEscapesTests() : RuleTests("LOCK1007")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly RwGate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            [GuardedBy(nameof(_gate))]
            private Point _point;

            [GuardedBy(nameof(_gate))]
            private int[] _cells = new int[2];

            public void Use(Table other)
            {
                {{body}}
            }

            private static void Change(ref int value) => value++;

            private static void Set(out int value) => value = 1;

            private static int Look(in int value) => value;

            private struct Point
            {
                public int X;
            }
        }
        """);

    [Fact]
    public void PassedByReferenceWithoutTheLock_IsReported() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void Use() => Change(ref [|_count|]);

            private static void Change(ref int value) => value++;
        }
        """,
        "A reference to '_count' is passed without holding '_gate', which guards it");

    [Fact]
    public void ReturnedByReference_OutlivesTheLock() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public ref int Count
            {
                get
                {
                    lock (_gate)
                    {
                        return ref [|_count|];
                    }
                }
            }
        }
        """,
        "A reference to '_count' is returned without holding '_gate', which guards it");

    [Theory]
    [InlineData("Change(ref [|_count|]);")]
    [InlineData("Set(out [|_count|]);")]
    [InlineData("Look(in [|_count|]);")]
    [InlineData("Look([|_count|]);")]
    [InlineData("Change(ref [|_point|].X);")]
    [InlineData("Change(ref [|other._count|]);")]
    [InlineData("int.TryParse(\"1\", out [|_count|]);")]
    [InlineData("_gate.EnterRead(); Change(ref [|_count|]); _gate.ExitRead();")]
    [InlineData("_gate.EnterWrite(); _gate.ExitWrite(); Set(out [|_count|]);")]
    [InlineData("ref int count = ref _count; Change(ref [|count|]);")]
    public void Passed_IsReported(string statement) => VerifyIn(statement);

    [Theory]
    [InlineData("_gate.EnterWrite(); Change(ref _count); Set(out _count); Look(in _count); _gate.ExitWrite();")]
    [InlineData("_gate.EnterRead(); Look(in _count); _gate.ExitRead();")]
    [InlineData("ref int count = ref _count;")]
    [InlineData("int copy = 0; Change(ref copy);")]
    public void UnderTheLockOrNotUsed_IsSilent(string statement) => VerifyIn(statement);

    [Fact]
    public void ElementOfAGuardedArray_IsAReadOfTheReference() => VerifyIn("Change(ref {|LOCK1002:_cells|}[0]);");

    [Fact]
    public void ElementOfGuardedContents_IsPassed() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            [ContentsGuardedBy(nameof(_gate))]
            private readonly int[] _cells = new int[2];

            public void Use()
            {
                Change(ref [|_cells[0]|]);
                _gate.Enter();
                Change(ref _cells[0]);
                _gate.Exit();
            }

            private static void Change(ref int value) => value++;
        }
        """);

    [Fact]
    public void Interlocked_IsAnAccessAndNoEscape() => VerifyIn("Interlocked.Add(ref {|LOCK1001:_count|}, 2); Volatile.Read(ref {|LOCK1002:_count|});");

    [Fact]
    public void ReadonlyReference_NeedsASharedHoldByContract() => Verify(
        """
        public class Table
        {
            private readonly RwGate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            [RequiresShared(nameof(_gate))]
            public ref readonly int Shared() => ref _count;

            [Requires(nameof(_gate))]
            public ref int Exclusive() => ref _count;

            [RequiresShared(nameof(_gate))]
            public ref int Wrong() => ref [|_count|];

            [Acquires(nameof(_gate))]
            public ref int Acquired()
            {
                _gate.EnterWrite();
                return ref _count;
            }

            public ref readonly int None() => ref [|_count|];
        }
        """);

    [Fact]
    public void Constructor_MayPassItsOwn() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public Table(string text) => int.TryParse(text, out _count);
        }
        """);

    [Fact]
    public void Volatile_IsNoEscapeEither() => VerifyIn("Volatile.Write(ref {|LOCK1001:_count|}, 1);");

    [Fact]
    public void StaticField_IsReported() => Verify(
        """
        public static class Table
        {
            private static readonly object s_gate = new();

            [GuardedBy(nameof(s_gate))]
            private static int s_count;

            public static void Use()
            {
                LazyInitializer.EnsureInitialized(ref s_name, () => "");
                int.TryParse("1", out [|s_count|]);
                lock (s_gate)
                {
                    int.TryParse("1", out s_count);
                }
            }

            private static string? s_name;
        }
        """);

    [Fact]
    public void Miss_SpanOverGuardedData_IsARead() => VerifyIn("Span<int> cells = {|LOCK1002:_cells|}; cells[0] = 1;");

    [Fact]
    public void Miss_ReferenceKeptInARefStruct_IsSilentWhereItIsUsed() => VerifyIn("_gate.EnterWrite(); var span = new Span<int>(ref _count); _gate.ExitWrite(); span[0] = 1;");

    [Theory]
    [InlineData("fixed (int* p = &[|_count|]) { *p = 1; }")]
    [InlineData("_gate.EnterWrite(); fixed (int* p = &_count) { *p = 1; } _gate.ExitWrite();")]
    public void PointerToGuardedData_IsReported(string body) => VerifyIn("unsafe { " + body + " }");

    [Theory]
    [InlineData("fixed (int* p = [|_slots|]) { *p = 1; }")]
    [InlineData("fixed (int* p = &[|_slots[0]|]) { *p = 1; }")]
    [InlineData("lock (_gate) { fixed (int* p = _slots) { *p = 1; } }")]
    public void PointerIntoGuardedContents_IsReported(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();

            [ContentsGuardedBy(nameof(_gate))]
            private readonly int[] _slots = new int[4];

            public unsafe void Use() { {{body}} }
        }
        """);

    private void VerifyContents(string member, string? message = null) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private IEnumerable<int>? _view;

            [GuardedBy(nameof(_gate))]
            private IEnumerable<int>? _guarded;

            [ContentsGuardedBy(nameof(_gate))]
            private readonly List<int> _rows = new();

            [ContentsGuardedBy(nameof(_gate))]
            private readonly Dictionary<int, string> _map = new();

            [ContentsGuardedBy(nameof(_gate))]
            private readonly int[] _cells = new int[4];

            {{member}}

            public bool HasView => _view is not null;
        }
        """,
        message);

    /// <summary>Whoever goes through it does so without the lock.</summary>
    [Theory]
    [InlineData("public IEnumerable<int> M() { lock (_gate) { return [|_rows.Where(r => r > 0)|]; } }")]
    [InlineData("public IEnumerable<int> M() { lock (_gate) { return [|from r in _rows where r > 0 select r|]; } }")]
    [InlineData("public IEnumerable<int> M() { lock (_gate) { var all = _rows.Skip(1).Select(r => r + 1); return [|all|]; } }")]
    [InlineData("public IEnumerator<int> M() { lock (_gate) { return [|_rows.GetEnumerator()|]; } }")]
    [InlineData("public ICollection<int> M() { lock (_gate) { return [|_map.Keys|]; } }")]
    [InlineData("public Memory<int> M() { lock (_gate) { return [|_cells.AsMemory(1)|]; } }")]
    [InlineData("public void M() { lock (_gate) { [|_view = _rows.Take(2)|]; } }")]
    [InlineData("public void M(out IEnumerable<int> view) { lock (_gate) { [|view = _rows.OrderBy(r => r)|]; } }")]
    public void ViewOfContentsThatLeavesTheLock_IsReported(string member) => VerifyContents(member);

    [Theory]
    [InlineData("public IEnumerable<int> M() { lock (_gate) { return _rows.Where(r => r > 0).ToList(); } }")]
    [InlineData("public IEnumerable<int> M() { lock (_gate) { return _map.Keys.ToArray(); } }")]
    [InlineData("[Requires(nameof(_gate))] public IEnumerable<int> M() => _rows.Where(r => r > 0);")]
    [InlineData("private IEnumerable<int> Live() => _rows.Where(r => r > 0); public int M() { lock (_gate) { return Live().Count(); } }")]
    [InlineData("public void M() { lock (_gate) { _guarded = _rows.Take(2); } }")]
    [InlineData("public Table() => _view = _rows.Take(2);")]
    [InlineData("public List<int> M() { lock (_gate) { return _rows; } }")]
    [InlineData("public IEnumerable<int> M() => {|LOCK1004:_rows.Take(2)|};")]
    public void CopyOrViewForWhoeverHasTheLock_IsSilent(string member) => VerifyContents(member);

    [Theory]
    [InlineData("public IEnumerable<int> M() { lock (_gate) { return [|_rows.Take(2)|]; } }", "A reference to '_rows' is returned without holding '_gate', which guards it")]
    [InlineData("public void M() { lock (_gate) { [|_view = _rows.Take(2)|]; } }", "A reference to '_rows' is stored without holding '_gate', which guards it")]
    public void Message_SaysWhereAViewGoes(string member, string message) => VerifyContents(member, message);
}
