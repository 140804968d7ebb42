// LOCK3003: two objects of one lock class are locked in an order that everybody keeps.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class PairIsOrderedTests() : RuleTests("LOCK3003")
{
    private void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        public class Account
        {
            private readonly object _gate = new();
            private readonly int _id;
            private readonly Guid _guid;
            private readonly string _name = "";

            public int Id => _id;

            {{member}}
            public void Touch() { lock (_gate) { } }
            private static void LockBoth(Account first, Account second) { }
        }
        """,
        message);

    [Theory]
    [InlineData("public void M(Account to) { lock (_gate) { lock ([|to._gate|]) { } } }")]
    [InlineData("public static void M(Account a, Account b) { lock (a._gate) { lock ([|b._gate|]) { } } }")]
    [InlineData("public static void M(Account[] all) { lock (all[0]._gate) { lock ([|all[1]._gate|]) { } } }")]
    [InlineData("public void M(List<Account> all) { lock (_gate) { foreach (Account one in all) { lock ([|one._gate|]) { } } } }")]
    [InlineData("public void M(List<Account> all) { lock (_gate) { all.ForEach(one => { lock ([|one._gate|]) { } }); } }")]
    [InlineData("public void M(Account to) { lock (_gate) { [|to.Touch()|]; } }")]
    [InlineData("public void M(Account to) { lock (_gate) { Inner(); } void Inner() { lock ([|to._gate|]) { } } }")]
    [InlineData("public void M(Account to) { if (to == this) return; lock (_gate) { lock ([|to._gate|]) { } } }")]
    [InlineData("public void M(Account to) { if (ReferenceEquals(to, this)) return; lock (_gate) { lock ([|to._gate|]) { } } }")]
    [InlineData("public void M(Account to, int n) { if (n < 3) { lock (_gate) { lock ([|to._gate|]) { } } } }")]
    [InlineData("public void M(Account to) { if (_id < 3) { lock (_gate) { lock ([|to._gate|]) { } } } }")]
    [InlineData("public void M(Account to) { Monitor.Enter(_gate); try { [|Monitor.Enter(to._gate)|]; Monitor.Exit(to._gate); } finally { Monitor.Exit(_gate); } }")]
    [InlineData("public static bool operator ==(Account a, Account b) { lock (a._gate) { lock ([|b._gate|]) { return a._id == b._id; } } } public static bool operator !=(Account a, Account b) => false;")]
    [InlineData("public async Task M(Account to) { await Task.Yield(); lock (_gate) { lock ([|to._gate|]) { } } }")]
    [InlineData("public IEnumerable<int> M(Account to) { lock (_gate) { lock ([|to._gate|]) { } } yield return 1; }")]
    public void UnorderedPair_IsReported(string member) => VerifyIn(member);

    [Theory]
    [InlineData("if (_id < to._id) { lock (_gate) { lock (to._gate) { } } } else { lock (to._gate) { lock (_gate) { } } }")]
    [InlineData("if (Id >= to.Id) { lock (_gate) { lock (to._gate) { } } } else { lock (to._gate) { lock (_gate) { } } }")]
    [InlineData("int mine = _id; int theirs = to._id; if (mine < theirs) { lock (_gate) { lock (to._gate) { } } } else { lock (to._gate) { lock (_gate) { } } }")]
    [InlineData("Account first = _id < to._id ? this : to; Account second = _id < to._id ? to : this; lock (first._gate) { lock (second._gate) { } }")]
    [InlineData("Account a = this, b = to; if (a._id > b._id) (a, b) = (b, a); lock (a._gate) { lock (b._gate) { } }")]
    [InlineData("var (a, b) = _id < to._id ? (this, to) : (to, this); lock (a._gate) { lock (b._gate) { } }")]
    [InlineData("if (_id.CompareTo(to._id) < 0) { lock (_gate) { lock (to._gate) { } } } else { lock (to._gate) { lock (_gate) { } } }")]
    [InlineData("if (string.CompareOrdinal(_name, to._name) < 0) { lock (_gate) { lock (to._gate) { } } } else { lock (to._gate) { lock (_gate) { } } }")]
    [InlineData("if (_guid < to._guid) { lock (_gate) { lock (to._gate) { } } } else { lock (to._gate) { lock (_gate) { } } }")]
    [InlineData("switch (_id - to._id) { case < 0: lock (_gate) { lock (to._gate) { } } break; default: lock (to._gate) { lock (_gate) { } } break; }")]
    [InlineData("int h = System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this); if (h < 3) { lock (_gate) { lock (to._gate) { } } }")]
    [InlineData("Account[] both = new[] { this, to }.OrderBy(a => a._id).ToArray(); lock (both[0]._gate) { lock (both[1]._gate) { } }")]
    public void OrderedByComparison_IsSilent(string body) => VerifyIn($"public void M(Account to) {{ {body} }}");

    [Theory]
    [InlineData("public void M() { lock (_gate) { lock (this._gate) { } } }")]
    [InlineData("public void M() { Account same = this; lock (_gate) { lock (same._gate) { } } }")]
    [InlineData("public void M() { lock (_gate) { Touch(); } }")]
    [InlineData("public void M(Account to) { lock (_gate) { if (Monitor.TryEnter(to._gate)) Monitor.Exit(to._gate); } }")]
    [InlineData("public void M(Account to) { lock (_gate) { bool taken = false; try { Monitor.TryEnter(to._gate, ref taken); } finally { if (taken) Monitor.Exit(to._gate); } } }")]
    [InlineData("public void M() { lock (_gate) { var own = new Account(); lock (own._gate) { } } }")]
    [InlineData("public void M(Account to) { lock (_gate) { } lock (to._gate) { } }")]
    [InlineData("public void M(Account to) { lock (_gate) { Task.Run(to.Touch); } }")]
    [InlineData("[NestedLock(By = \"the caller orders them\")] public void M(Account to) { lock (_gate) { lock (to._gate) { } } }")]
    public void OneObjectOrTriedOrDeclared_IsSilent(string member) => VerifyIn(member);

    [Fact]
    public void Message_NamesBothLocks() => VerifyIn(
        "public void M(Account to) { lock (_gate) { [|to.Touch()|]; } }",
        "'to._gate' is acquired in 'Touch' while holding '_gate', a lock of the same class, and nothing orders the two");

    [Fact]
    public void AdditionalLocations_AreTheOuterAcquireAndTheCalls() => Verify(
        """
        public class Account
        {
            private readonly object _gate = new();

            public void M(Account to) { lock ({|#0:_gate|}) { [|to.Touch()|]; } }
            public void Touch() => {|#1:TouchCore()|};
            private void TouchCore() { lock ({|#2:_gate|}) { } }
        }
        """);

    [Fact]
    public void NestedLockOnTheMemberThatAcquires_IsSilentThere() => Verify(
        """
        [Capability("gate")]
        public sealed class Gate
        {
            [Acquires("this")]
            public void Enter() { }

            [Acquires("this")]
            [NestedLock(By = "level")]
            public void Enter(int level) { }

            [Releases("this")]
            public void Exit() { }
        }

        public class Node
        {
            public Gate Gate { get; } = new();

            public void Nested(Node child) { Gate.Enter(); child.Gate.Enter(1); child.Gate.Exit(); Gate.Exit(); }
            public void Plain(Node child) { Gate.Enter(); [|child.Gate.Enter()|]; child.Gate.Exit(); Gate.Exit(); }
        }
        """);

    [Fact]
    public void NestedLockOnTheMember_IsSilent() => Verify(
        """
        public class Folder
        {
            [NestedLock(By = "parent before child")]
            private readonly object _gate = new();
            private readonly List<Folder> _children = new();

            public void Touch()
            {
                lock (_gate)
                {
                    foreach (Folder child in _children)
                    {
                        child.Touch();
                    }
                }
            }
        }
        """);

    [Theory]
    [InlineData("lock (_stripes[i]) { lock ([|_stripes[j]|]) { } }")]
    [InlineData("lock (_stripes[1]) { lock ([|_stripes[0]|]) { } }")]
    [InlineData("lock (_stripes[0]) { lock (_stripes[1]) { } }")]
    [InlineData("lock (_stripes[i]) { lock (_stripes[i]) { } }")]
    [InlineData("lock (_stripes[i]) { lock (_stripes[i + 1]) { } }")]
    [InlineData("int next = i + 1; lock (_stripes[i]) { lock (_stripes[next]) { } }")]
    [InlineData("lock (_stripes[i]) { lock ([|_stripes[i - 1]|]) { } }")]
    [InlineData("lock (_stripes[i]) { lock ([|_stripes[(i + 1) % 5]|]) { } }")]
    [InlineData("int next = i + 1; if (next == 5) next = 0; lock (_stripes[i]) { lock ([|_stripes[next]|]) { } }")]
    [InlineData("if (i > j) { (i, j) = (j, i); } lock (_stripes[i]) { lock (_stripes[j]) { } }")]
    [InlineData("int low = Math.Min(i, j); int high = Math.Max(i, j); lock (_stripes[low]) { lock (_stripes[high]) { } }")]
    [InlineData("for (int k = 0; k < j; k++) { lock (_stripes[i]) { lock ([|_stripes[j]|]) { } } }")]
    [InlineData("foreach (object stripe in _stripes) { Monitor.Enter(stripe); } foreach (object stripe in _stripes) { Monitor.Exit(stripe); }")]
    public void TwoOfOneArray_AreOrderedByTheirIndexes(string body) => Verify(
        $$"""
        public class Striped
        {
            private readonly object[] _stripes = { new(), new() };

            public void M(int i, int j) { {{body}} }
        }
        """);

    [Fact]
    public void NeighbourThatLocksItself_IsReportedAtTheCall() => Verify(
        """
        public class Peer
        {
            private readonly object _gate = new();
            private readonly List<int> _log = new();
            private Peer? _next;

            public void Link(Peer next) => Volatile.Write(ref _next, next);
            public void Touch() { lock (_gate) { _log.Add(1); } }
            public void Direct() { lock (_gate) { if (_next is { } next) { lock ([|next._gate|]) { } } } }
            public void ThroughACall() { lock (_gate) { _next?[|.Touch()|]; } }
        }

        public class Owner
        {
            private readonly object _gate = new();
            private readonly Peer _part = new();

            public void Part() { lock (_gate) { _part.Touch(); } }
        }
        """);

    [Fact]
    public void DeclaredClass_MakesLocksOfTwoTypesOneClass() => Verify(
        """
        public class Left
        {
            [LockClass("tests.side")]
            internal readonly object Gate = new();
        }

        public class Right
        {
            [LockClass("tests.side")]
            private readonly object _gate = new();

            public void M(Left left) { lock (_gate) { lock ([|left.Gate|]) { } } }
        }
        """);

    [Fact]
    public void TypeOfCapability_IsNoClass() => Verify(
        """
        public class Two
        {
            private readonly Gate _a = new();
            private readonly Gate _b = new();

            public void M()
            {
                _a.Enter();
                _b.Enter();
                _b.Exit();
                _a.Exit();
            }
        }
        """);

    [Fact]
    public void SharedModes_AreReportedToo() => Verify(
        """
        public class Table
        {
            private readonly RwGate _gate = new();

            public void Copy(Table from)
            {
                _gate.EnterWrite();
                [|from._gate.EnterRead()|];
                from._gate.ExitRead();
                _gate.ExitWrite();
            }
        }
        """);

    [Fact]
    public void HandOverHand_IsReported() => Verify(
        """
        public class Node
        {
            private readonly object _gate = new();
            private readonly Node? _next;

            public Node(Node? next) => _next = next;

            public void Step()
            {
                Monitor.Enter(_gate);
                if (_next is { } next)
                {
                    [|Monitor.Enter(next._gate)|];
                    Monitor.Exit(next._gate);
                }

                Monitor.Exit(_gate);
            }
        }
        """);

    [Fact]
    public void GenericType_IsReported() => Verify(
        """
        public class Cell<T>
            where T : IComparable<T>
        {
            private readonly object _gate = new();
            private readonly T _key = default!;

            public void Unordered(Cell<T> other) { lock (_gate) { lock ([|other._gate|]) { } } }
            public void Ordered(Cell<T> other)
            {
                if (_key.CompareTo(other._key) < 0)
                {
                    lock (_gate) { lock (other._gate) { } }
                }
            }
        }
        """);

    [Theory]
    [InlineData("IsBefore(to)", "private bool IsBefore(Account to) => _id < to._id;")]
    [InlineData("Compare(this, to) < 0", "private static int Compare(Account one, Account two) => one._id.CompareTo(two._id);")]
    [InlineData("Differs(to)", "private bool Differs(Account to) { int mine = _id; return to._id > _id; }")]
    public void ComparisonInAHelper_Orders(string test, string helper) => VerifyIn(
        $"public void M(Account to) {{ if ({test}) {{ lock (_gate) {{ lock (to._gate) {{ }} }} }} }} {helper}");

    [Theory]
    [InlineData("IsSame(to)", "private bool IsSame(Account to) => _id == to._id;")]
    [InlineData("IsSmall(to)", "private bool IsSmall(Account to) => to._id < 10;")]
    [InlineData("IsSmall()", "private bool IsSmall() => _id < 10;")]
    public void HelperThatComparesNothing_DoesNotOrder(string test, string helper) => VerifyIn(
        $"public void M(Account to) {{ if ({test}) {{ lock (_gate) {{ lock ([|to._gate|]) {{ }} }} }} }} {helper}");

    [Fact]
    public void LoopOverAnArray_Orders() => VerifyIn(
        """
        public static void All(Account[] accounts)
        {
            for (int i = 0; i < accounts.Length; i++) Monitor.Enter(accounts[i]._gate);
            for (int i = 0; i < accounts.Length; i++) Monitor.Exit(accounts[i]._gate);
        }

        public static void Two(Account[] accounts, int one, int two)
        {
            lock (accounts[one]._gate) { lock ([|accounts[two]._gate|]) { } }
        }
        """);

    [Theory]
    [InlineData("public void M(Account to) { lock ({|LOCK7001:this|}) { lock ([|to|]) { } } }")]
    [InlineData("public static void M(Account from, Account to) { lock (from) { lock ([|to|]) { } } }")]
    [InlineData("public static void M(Account from, Account to) { lock (from) { [|Touch(to)|]; } }")]
    [InlineData("public static void M(int from, int to) { Account a = Find(from), b = Find(to); lock (a) { lock ([|b|]) { } } }")]
    [InlineData("public static void M(Account from, Account to) { Monitor.Enter(from); try { [|Monitor.Enter(to)|]; Monitor.Exit(to); } finally { Monitor.Exit(from); } }")]
    public void ObjectsLockedAsTheyAre_AreReported(string member) => VerifyThemselves(member);

    [Theory]
    [InlineData("public static void M(Account from, Account to) { if (from._id > to._id) (from, to) = (to, from); lock (from) { lock (to) { } } }")]
    [InlineData("public static void M(Account from, Account to) { if (from._id < to._id) { lock (from) { lock (to) { } } } else { lock (to) { lock (from) { } } } }")]
    [InlineData("public static void M(Account from, Account to) { lock (from) { } lock (to) { } }")]
    [InlineData("public static void M(Account one) { Account same = one; lock (one) { lock (same) { } } }")]
    [InlineData("public static void M(object from, object to) { lock (from) { lock (to) { } } }")]
    [InlineData("public static void M(int one) { lock (Find(one)) { lock (Find(one)) { } } }")]
    [InlineData("public void M(int one) { lock ({|LOCK7001:this|}) { lock (Find(one)) { } } }")]
    [InlineData("[NestedLock] public static void M(Account from, Account to) { lock (from) { lock (to) { } } }")]
    public void ObjectsLockedAsTheyAreInOrder_AreSilent(string member) => VerifyThemselves(member);

    [Fact]
    public void TypeThatSaysThatItsObjectsNest_IsSilent() => Verify(
        """
        [NestedLock(By = "parents come before children")]
        internal class Part
        {
            public static void M(Part parent, Part child) { lock (parent) { lock (child) { } } }
        }
        """);

    private void VerifyThemselves(string member) => Verify(
        $$"""
        public class Account
        {
            private readonly int _id;

            {{member}}
            private static void Touch(Account one) { lock (one) { } }
            private static Account Find(int id) => s_all[id];
            private static readonly Dictionary<int, Account> s_all = new();
        }
        """);

    [Fact]
    public void Swap_LeavesTwoObjects() => Verify(
        """
        public class Account
        {
            private readonly object _gate = new();

            public static void M(Account a, Account b) { (a, b) = (b, a); lock (a._gate) { lock ([|b._gate|]) { } } }
        }
        """);

    [Fact]
    public void CallThatMayRunAnotherBody_IsSilent() => Verify(
        """
        internal interface ICell { void Send(); }

        internal class Unstarted : ICell
        {
            private readonly object _lock = new();
            private int _sent;

            public void Send() { lock (_lock) { _sent++; } }

            public void ReplaceWith(ICell cell) { lock (_lock) { cell.Send(); } }
        }

        internal class Started : ICell
        {
            public void Send() { }
        }
        """);

    [Fact]
    public void CallThatCanOnlyRunOneBody_IsReported() => Verify(
        """
        internal interface ICell { void Send(); }

        internal class Unstarted : ICell
        {
            private readonly object _lock = new();
            private int _sent;

            public void Send() { lock (_lock) { _sent++; } }

            public void ReplaceWith(ICell cell) { lock (_lock) { [|cell.Send()|]; } }
        }
        """);

    [Theory]
    [InlineData("", "_next.Send()")]
    [InlineData("public void Link(Cell next) => _next = next;", "[|_next.Send()|]")]
    [InlineData("public void Push() => _next = new Cell(_next);", "[|_next.Send()|]")]
    public void NeighbourThatAnObjectWasMadeWith_WasThereBeforeIt(string member, string call) => Verify(
        $$"""
        public class Cell
        {
            private readonly object _lock = new();
            private Cell _next;
            private int _sent;

            public Cell(Cell next) { _next = next; }

            {{member}}

            public void Send() { lock (_lock) { if (_sent++ > 3) { {{call}}; } } }
        }
        """);

    [Theory]
    [InlineData("lock (_rows[a].Gate) { lock ([|_rows[b].Gate|]) { } }")]
    [InlineData("if (a > b) (a, b) = (b, a); lock (_rows[a].Gate) { lock (_rows[b].Gate) { } }")]
    [InlineData("int low = Math.Min(a, b), high = Math.Max(a, b); lock (_rows[low].Gate) { lock (_rows[high].Gate) { } }")]
    [InlineData("var (x, y) = a < b ? (a, b) : (b, a); lock (_rows[x].Gate) { lock (_rows[y].Gate) { } }")]
    [InlineData("lock (_rows[a].Gate) { lock ([|_rows[a + 1].Gate|]) { } }")]
    [InlineData("lock (_rows[a].Gate) { lock ([|_rows[a - 1].Gate|]) { } }")]
    [InlineData("if (a < b) return; lock (_rows[a].Gate) { lock ([|_others[b].Gate|]) { } }")]
    public void ElementsInTheOrderOfTheirIndexes_AreInOrder(string body) => Verify(
        $$"""
        public class Row
        {
            public readonly Lock Gate = new();
        }

        public class Table
        {
            private readonly Row[] _rows = [];
            private readonly Row[] _others = [];

            public void Use(int a, int b) { {{body}} }
        }
        """);

    [Theory]
    [InlineData("Id", "")]
    [InlineData("Computed", "")]
    [InlineData("Computed", "Console.WriteLine(_rows.Count);")]
    public void ComparisonBehindOtherCalls_IsOne(string member, string before) => Verify(
        $$"""
        public class Row
        {
            internal readonly Lock Gate = new();

            public int Id { get; }

            public int Computed => Id + 1;
        }

        public class Table
        {
            private readonly Dictionary<int, Row> _rows = new();

            public void Use(int x, int y)
            {
                {{before}}
                Row a = _rows[x], b = _rows[y];
                if (a.{{member}} < b.{{member}}) { lock (a.Gate) lock (b.Gate) { } }
                else { lock (b.Gate) lock (a.Gate) { } }
            }
        }
        """);

    /// <summary>A body that calls itself for what it has found goes through a tree; for what it was passed, or another body, it may be anything.</summary>
    [Theory]
    [InlineData("private readonly List<Account> _parts = new(); public void M() { lock (_gate) { foreach (Account one in _parts) { one.M(); } } }")]
    [InlineData("private readonly Dictionary<int, Account> _parts = new(); public void M(int n) { lock (_gate) { if (_parts.TryGetValue(n, out Account? one)) { one.M(n + 1); } } }")]
    public void TreeOfAccounts_IsSilent(string member) => VerifyIn(member);

    [Theory]
    [InlineData("public void M(Account other) { lock (_gate) { [|other.M(this)|]; } }")]
    [InlineData("private readonly List<Account> _parts = new(); public void M() { lock (_gate) { foreach (Account one in _parts) { [|one.Touch()|]; } } }")]
    [InlineData("public Account? Next; public void M() { lock (_gate) { [|Next!.Touch()|]; } }")]
    public void OtherAccounts_AreReported(string member) => VerifyIn(member);

    /// <summary>Who locks the other in order to compare has not compared before.</summary>
    [Theory]
    [InlineData("public int M(Account to) { lock (_gate) { return _id.CompareTo([|to.Locked()|]); } }")]
    [InlineData("public bool M(Account to) { lock (_gate) { return Locked() < [|to.Locked()|]; } }")]
    public void ComparisonThatLocksTheOther_OrdersNothing(string member) => VerifyIn(member + " private int Locked() { lock (_gate) { return _id; } }");
}
