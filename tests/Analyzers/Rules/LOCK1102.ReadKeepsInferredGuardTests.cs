// LOCK1102: a field that is written under a lock is read under it.
using System.Linq;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class ReadKeepsInferredGuardTests() : RuleTests("LOCK1102")
{
    private void VerifyWith(string member) => Verify(
        $$"""
        public class Counter
        {
            private readonly object _gate = new();
            private long _count;
            private readonly Dictionary<string, int> _rows = new();
            private string _name = "";

            public void Add(string name)
            {
                lock (_gate)
                {
                    _count++;
                    _rows[name] = 1;
                    _name = name;
                }
            }

            public void Reset()
            {
                lock (_gate)
                {
                    _count = 0;
                    _rows.Clear();
                    _name = "";
                }
            }

            {{member}}
        }
        """);

    [Theory]
    [InlineData("_gate", "")]
    [InlineData("_all", "")]
    [InlineData("_all", "readonly ")]
    public void HelperThatLocksAndGoesOnWithout_IsReported(string @lock, string modifier) => Verify(
        $$"""
        public class Session
        {
            private readonly object _gate = new();
            private {{modifier}}IList<int> _all = new List<int>();

            public void Add(int one)
            {
                int place = PlaceOf(one);
                lock ({{@lock}}) { _all.Insert(place, one); }
            }

            public void Remove(int one) { lock ({{@lock}}) { _all.Remove(one); } }

            public void Clear() { lock ({{@lock}}) { _all.Clear(); } }

            private int PlaceOf(int one)
            {
                lock ({{@lock}})
                {
                    if (_all.Contains(one)) { return 0; }
                }

                foreach (int other in [|_all|]) { if (other > one) { return other; } }
                return 0;
            }
        }
        """);

    [Theory]
    [InlineData("lock (_gate) { _made ??= new(); } return _made;", "lock (_gate) { _made ??= new(); }")]
    [InlineData("lock (_gate) { if (_made == null) { _made = new(); } } return _made;", "lock (_gate) { _made ??= new(); }")]
    [InlineData("lock (_gate) { _made ??= new(); } return [|_made|];", "lock (_gate) { _made = null; }")]
    [InlineData("lock (_gate) { _made ??= new(); } return [|_made|];", "lock (_gate) { if (_made == this) { _made = null; } }")]
    [InlineData("if (DateTime.Now.Hour > 3) { lock (_gate) { _made ??= new(); } } return [|_made|];", "lock (_gate) { _made ??= new(); }")]
    public void WhatIsMadeUnderTheLockTheFirstTimeOnly_IsReadBehindIt(string get, string other) => Verify(
        $$"""
        public class Maker
        {
            private readonly object _gate = new();
            private object? _made;

            public object? Get() { {{get}} }

            public void Change() { {{other}} }

            public bool IsMade() { lock (_gate) { return _made != null; } }
        }
        """);

    [Fact]
    public void QueryThatLeavesTheLock_IsReported() => VerifyWith(
        """
        public IEnumerable<string> Long()
            {
                lock (_gate)
                {
                    return [|_rows.Keys.Where(k => k.Length > 3)|];
                }
            }
        """);

    [Fact]
    public void QueryThatIsKeptInAField_IsReported() => VerifyWith(
        """
        private IEnumerable<string>? _long;

            public void Keep()
            {
                lock (_gate)
                {
                    [|_long = _rows.Keys.Where(k => k.Length > 3)|];
                }
            }
        """);

    [Fact]
    public void IteratorThatLeavesTheLock_IsReported() => VerifyWith(
        """
        public IEnumerable<string> Names()
            {
                lock (_gate)
                {
                    return All();
                }
            }

            private IEnumerable<string> All()
            {
                foreach (string name in [|_rows.Keys|])
                {
                    yield return name;
                }
            }
        """);

    [Fact]
    public void IteratorGoneThroughUnderTheLock_IsNot() => VerifyWith(
        """
        public List<string> Names()
            {
                lock (_gate)
                {
                    return All().Where(n => n.Length > 3).ToList();
                }
            }

            private IEnumerable<string> All()
            {
                foreach (string name in _rows.Keys)
                {
                    yield return name;
                }
            }
        """);

    [Fact]
    public void OneReadOutsideTheLock_IsReported() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();
            private long _count;

            public long Count => [|_count|];

            public void Add()
            {
                lock (_gate)
                {
                    _count++;
                }
            }

            public void Reset()
            {
                lock (_gate)
                {
                    _count = 0;
                }
            }
        }
        """,
        "'_count' is read without '_gate', under which it is used in 2 of 3 places");

    [Theory]
    [InlineData("public long Read() => [|_count|];")]
    [InlineData("public string Read() => $\"{[|_name|]}\";")]
    [InlineData("public int Read() => [|_rows.Count|];")]
    [InlineData("public bool Read(string name) => [|_rows.TryGetValue(name, out int x)|];")]
    [InlineData("public bool Read(Counter other) => [|other._count|] > 0;")]
    [InlineData("public IEnumerable<long> Read() { yield return [|_count|]; }")]
    [InlineData("public Func<long> Read() => () => [|_count|];")]
    [InlineData("public void Read() { lock (_gate) { } Console.Write([|_count|]); }")]
    public void EveryFormOfRead_IsReported(string member) => VerifyWith(member);

    [Theory]
    [InlineData("public override string ToString() => _name;")]
    [InlineData("public void Dispose() => Console.Write(_count);")]
    [InlineData("public long Read() => Interlocked.Read(ref _count);")]
    [InlineData("public long Read() { lock (_gate) { return _count; } }")]
    [InlineData("public long Read() { lock (_gate) { return ReadCore(); } } private long ReadCore() => _count;")]
    [InlineData("public static long Read() => new Counter()._count;")]
    public void TeardownAtomicOrLocked_IsSilent(string member) => VerifyWith(member);

    [Fact]
    public void NeverWrittenUnderTheLock_IsSilent() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();
            private int _size = 4;

            public int One() { lock (_gate) { return _size; } }

            public int Two() { lock (_gate) { return _size + 1; } }

            public int Three() => _size;
        }
        """);

    [Fact]
    public void ImmutableValue_MayBeReadFreelyButIsNotVolatile() => Verify(
        """
        public class Registry
        {
            private readonly object _gate = new();
            private System.Collections.Immutable.ImmutableArray<int> _rows = System.Collections.Immutable.ImmutableArray<int>.Empty;

            public void Add(int row) { lock (_gate) { _rows = _rows.Add(row); } }

            public void Clear() { lock (_gate) { _rows = _rows.Clear(); } }

            public int Count => _rows.Length;
        }
        """);

    [Fact]
    public void DerivedClass_SharesTheEvidence() => Verify(
        """
        public class Base
        {
            internal readonly object Gate = new();
            internal int Count;

            public void Add() { lock (Gate) { Count++; } }
        }

        public class Derived : Base
        {
            public void Subtract() { lock (Gate) { Count--; } }

            public int Read() => [|Count|];
        }
        """);

    [Fact]
    public void NestedType_IsPartOfTheType() => Verify(
        """
        public class Owner
        {
            private readonly object _gate = new();
            private int _count;

            public void Add() { lock (_gate) { _count++; } }

            public void Subtract() { lock (_gate) { _count--; } }

            private sealed class View(Owner owner)
            {
                public int Read() => [|owner._count|];
            }

            public object Look() => new View(this);
        }
        """);

    [Fact]
    public void PrivateHelper_CountsOnceForEachCaller() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();
            private int _count;

            public void Add() { lock (_gate) { _count++; } }

            public int One() { lock (_gate) { return Read(); } }

            public int Two() => [|Read()|];

            private int Read() => _count;
        }
        """);

    [Fact]
    public void AutomaticProperty_IsAField() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();

            public int Count { get; private set; }

            public void Add() { lock (_gate) { Count++; } }

            public void Subtract() { lock (_gate) { Count--; } }

            public int Read() => [|Count|];
        }
        """);

    [Fact]
    public void GuardInAnotherObject_IsFoundThroughTheMemberThatLeadsToIt() => Verify(
        """
        public class Owner
        {
            internal readonly object Gate = new();
        }

        public class Part(Owner owner)
        {
            private int _count;

            public void Add() { lock (owner.Gate) { _count++; } }

            public void Subtract() { lock (owner.Gate) { _count--; } }

            public int Read() => [|_count|];
        }
        """);

    [Fact]
    public void HelperThatTheConstructorCallsToo_IsJudgedByItsOtherCallers() => Verify(
        """
        public class Cache
        {
            private readonly object _gate = new();
            private int _segments;

            public Cache() => Extend();

            public int Segments => [|_segments|];

            public void Use() { lock (_gate) { Extend(); } }

            private void Extend()
            {
                if (_segments < 8)
                {
                    _segments++;
                }
            }
        }
        """,
        "'_segments' is read without '_gate', under which it is used in 2 of 3 places");

    [Fact]
    public void Miss_UseInATypeThatLocksNothing_IsSilent() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();
            internal int Count;

            public void Add() { lock (_gate) { Count++; } }

            public int Read() { lock (_gate) { return Count; } }
        }

        public class User(Counter counter)
        {
            public bool Any => counter.Count > 0;
        }
        """);

    private static string Handlers(string member) =>
        $$"""
        public class Handlers
        {
            private readonly object _gate = new();
            private readonly List<int> _all = new();
            private List<int> _snapshot = new();

            public void Add(int handler) { lock (_gate) { _all.Add(handler); _snapshot = new List<int>(_all); } }

            public void Remove(int handler) { lock (_gate) { _all.Remove(handler); _snapshot = new List<int>(_all); } }

            public void Clear() { lock (_gate) { _all.Clear(); _snapshot = new List<int>(); } }

            {{member}}
        }
        """;

    [Fact]
    public void CollectionThatIsOnlyReplaced_IsASnapshot() =>
        Verify(Handlers("public void Each(Action<int> action) { foreach (int handler in _snapshot) { action(handler); } }"));

    [Theory]
    [InlineData("public List<int> Copy() => new([|_all|]);")]
    [InlineData("public string Show() => string.Join(\", \", [|_all|]);")]
    [InlineData("public bool Any() => [|_all|].Any();")]
    [InlineData("public List<int> Large() => [|_all|].Where(h => h > 9).ToList();")]
    public void WhatTheFrameworkLooksThrough_IsRead(string member) => Verify(Handlers(member));

    [Theory]
    [InlineData("volatile bool _made", "_made = true", "if (_made) { return _value; }")]
    [InlineData("bool _made", "Volatile.Write(ref _made, true)", "if (Volatile.Read(ref _made)) { return _value; }")]
    [InlineData("bool _made", "_made = true", "if ({|LOCK6005:_made|}) { return _value; }")]
    [InlineData("volatile bool _made", "_made = true", "if (DateTime.Now.Hour == 3) { return [|_value|]; }")]
    public void WhatAFlagPublishes_IsReadFreely(string flag, string set, string read) => Verify(
        $$"""
        public class Once
        {
            private readonly object _gate = new();
            private {{flag}};
            private int _value;

            public int Get()
            {
                {{read}}
                lock (_gate)
                {
                    if (!_made)
                    {
                        _value = Environment.TickCount;
                        {{set}};
                    }

                    return _value;
                }
            }
        }
        """);

    [Fact]
    public void FieldThatLeadsToItsOwnLock_IsAnotherRule() => Verify(
        """
        public class Batch
        {
            private List<int> _items = new();

            public void Add(int item) { lock ({|LOCK7002:_items|}) { _items.Add(item); } }
            public int Count() { lock ({|LOCK7002:_items|}) { return _items.Count; } }
            public List<int> Take() { lock ({|LOCK7002:_items|}) { List<int> taken = _items; _items = new(); return taken; } }
            public bool IsEmpty() => [|_items.Count|] == 0;
        }
        """);

    [Fact]
    public void Hashtable_HasReadersBesideItsWriter() => Verify(
        """
        public class Cache
        {
            private readonly System.Collections.Hashtable _found = new();

            public object? Find(string key) => _found[key];

            public void Add(string key, object value) { lock (_found) { _found[key] = value; } }

            public void Remove(string key) { lock (_found) { _found.Remove(key); } }
        }
        """);

    [Theory]
    [InlineData("internal void Set() => _map.Remove(1);")]
    [InlineData("protected void Set() => _map.Remove(1);")]
    public void MemberThatEverybodyInSightEntersWithTheLock_IsSilent(string member) => Verify(
        $$"""
        public class Store
        {
            private readonly object _gate = new();
            private readonly Dictionary<int, int> _map = new();

            public void Add() { lock (_gate) { _map.Add(1, 1); } }

            public void Clear() { lock (_gate) { _map.Clear(); Set(); } }

            {{member}}
        }
        """);

    [Fact]
    public void OverrideOfAMemberThatTheBaseCallsUnderItsLock_IsSilent() => Verify(
        """
        public abstract class Appender
        {
            protected readonly object Gate = new();

            public void DoAppend() { lock (Gate) { Append(); } }

            protected abstract void Append();
        }

        public class Forwarder : Appender
        {
            private List<int> _all = new();

            public void Add(int i) { lock (Gate) { _all.Add(i); } }

            public void Clear() { lock (Gate) { _all = new(); } }

            protected override void Append() => _all.Sort();
        }
        """);

    [Fact]
    public void MemberThatSomebodyEntersWithoutTheLock_IsReported() => Verify(
        """
        public class Store
        {
            private readonly object _gate = new();
            private readonly Dictionary<int, int> _map = new();

            public void Add() { lock (_gate) { _map.Add(1, 1); } }

            public void Clear() { lock (_gate) { _map.Clear(); Look(); } }

            public void Show() => Look();

            internal int Look() => [|_map.Count|];
        }
        """);

    [Theory]
    [InlineData("List<int> rows; lock (_gate) { rows = _rows; } return [|rows.Count|];")]
    [InlineData("List<int> rows; lock (_gate) { rows = _rows; } foreach (int row in [|rows|]) { _sum += row; } return 0;")]
    [InlineData("List<int> rows; lock (_gate) { rows = _rows.ToList(); } return rows.Count;")]
    [InlineData("List<int> rows; lock (_gate) { rows = _rows; _rows = new(); } return rows.Count;")]
    [InlineData("lock (_gate) { List<int> rows = _rows; return rows.Count; }")]
    public void CopyOfTheReference_IsTheSameContents(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private List<int> _rows = new();
            private int _sum;

            public void Add(int row) { lock (_gate) { _rows.Add(row); } }

            public void Remove(int row) { lock (_gate) { _rows.Remove(row); } }

            public bool Has(int row) { lock (_gate) { return _rows.Contains(row); } }

            public int M() { {{body}} }
        }
        """);

    [Fact]
    public void CollectionThatIsReplaced_IsReadThroughALocal() => Verify(
        """
        public class Event
        {
            private readonly List<int> _handlers = new();
            private List<int> _snapshot = new();

            public void Add(int handler) { lock (_handlers) { _handlers.Add(handler); _snapshot = new List<int>(_handlers); } }

            public void Remove(int handler) { lock (_handlers) { _handlers.Remove(handler); _snapshot = new List<int>(_handlers); } }

            public void Invoke()
            {
                var handlers = _snapshot;
                foreach (int handler in handlers)
                {
                }
            }
        }
        """);

    [Theory]
    [InlineData("_loop = Run();", "foreach (string row in [|_rows|]) { }")]
    [InlineData("_loop = Run().WaitAsync(TimeSpan.Zero);", "foreach (string row in _rows) { }")]
    [InlineData("Run().Wait();", "foreach (string row in _rows) { }")]
    public void LoopThatAConstructorStarts_IsNoPartOfItBehindItsFirstAwait(string start, string use) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private readonly List<string> _rows = new();
            private readonly Task _loop = Task.CompletedTask;

            public Table() { _rows.Add("first"); {{start}} }

            public void Add(string row) { lock (_gate) { _rows.Add(row); } }

            public int Count() { lock (_gate) { return _rows.Count; } }

            public bool Has(string row) { lock (_gate) { return _rows.Contains(row); } }

            private async Task Run()
            {
                _rows.Add("second");
                await Task.Delay(10);
                {{use}}
            }
        }
        """);

    [Theory]
    [InlineData("private readonly Dictionary<int, int> _rows = new();")]
    [InlineData("private Dictionary<int, int> _rows = new();")]
    public void ReadOfTheFieldAndOfWhatIsInIt_IsOneUse(string field) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            {{field}}

            public void Set(int key) { lock (_gate) { _rows[key] = key; } }

            public void Remove(int key) { lock (_gate) { _rows.Remove(key); } }

            public void Clear() { lock (_gate) { _rows.Clear(); } }

            public int Get(int key) => [|_rows[key]|];
        }
        """, "'_rows' is read without '_gate', under which it is used in 3 of 4 places");

    private void VerifyWrites(string members) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private readonly List<int> _rows = new();
            private int _count;

            public void Add(int row) { lock (_gate) { _rows.Add(row); _count++; } }

            public void Remove(int row) { lock (_gate) { _rows.Remove(row); _count--; } }

            {{members}}
        }
        """);

    [Fact]
    public void CollectionThatIsChangedUnderItsLockOnly_IsReadUnderItHoweverOftenItIsNot() => VerifyWrites(
        """
        public int A => [|_rows.Count|];
            public int B => [|_rows[0]|];
            public bool C(int row) => [|_rows.Contains(row)|];
            public int D() { foreach (int row in [|_rows|]) { return row; } return 0; }
        """);

    [Fact]
    public void HalfOfThePlaces_AreEnoughWhereEveryWriterAgrees() => VerifyWrites("public int A => [|_count|];\n    public bool B => [|_count|] > 0;");

    [Theory]
    [InlineData("public int A => _count; public int B => _count; public int C => _count;")]
    [InlineData("public int A => _count; public void Clear() => _count = 0;")]
    public void FieldThatIsReadByHabitWithoutTheLock_IsSilent(string members) => VerifyWrites(members);

    [Fact]
    public void LockThatACollectionOffers_IsHadWithoutIt() => Verify(
        """
        public class Table
        {
            private readonly List<int> _rows = new();

            public void Add(int row) { lock (((System.Collections.ICollection)_rows).SyncRoot) { _rows.Add(row); } }

            public void Remove(int row) { lock (((System.Collections.ICollection)_rows).SyncRoot) { _rows.Remove(row); } }

            public int Count => [|_rows.Count|];
        }
        """,
        "'_rows' is read without '_rows.SyncRoot', under which it is used in 2 of 3 places");

    [Theory]
    [InlineData("if (isHeld) { _rows.Add(1); } else { lock (_gate) { _rows.Add(1); } }")]
    [InlineData("if (!isHeld) { lock (_gate) { Change(); } } else { Change(); } void Change() => _rows.Add(1);")]
    [InlineData("if (isHeld) { int first = [|_rows[0]|]; } lock (_gate) { _rows.Add(1); }")]
    public void FlagThatSaysThatTheLockIsHeld_IsBelieved(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private readonly List<int> _rows = new();

            public void Remove(int row) { lock (_gate) { _rows.Remove(row); } }

            public void Clear() { lock (_gate) { _rows.Clear(); } }

            public void Set(bool isHeld) { {{body}} }
        }
        """);

    [Theory]
    [InlineData("if (_ready) return; _name = Environment.MachineName; _ready = true;", "Prepare(); return _name;", "")]
    [InlineData("if (!_ready) { _name = Environment.MachineName; _ready = true; }", "Prepare(); return _name;", "")]
    [InlineData("if (_name == null) _name = Environment.MachineName;", "Prepare(); return _name;", "")]
    [InlineData("_name = Environment.MachineName; _ready = true;", "Prepare(); return [|_name|];", "")]
    [InlineData("if (_ready) return; _name += Environment.MachineName; _ready = true;", "Prepare(); return [|_name|];", "")]
    [InlineData("if (_ready) return; _name = Environment.MachineName; _ready = true;", "string? name = [|_name|]; Prepare(); return name;", "")]
    [InlineData("if (_ready) return; _name = Environment.MachineName; _ready = true;", "if (Console.CapsLock) { Prepare(); } return [|_name|];", "")]
    [InlineData("if (_ready) return; _name = Environment.MachineName; _ready = true;", "Prepare(); return [|_name|];", "public void Reset() { lock (_gate) { _name = null; _ready = false; } }")]
    public void FieldThatTheBodyHasPrepared_MayBeRead(string prepare, string read, string other) => Verify(
        $$"""
        public class Machine
        {
            private readonly object _gate = new();
            private bool _ready;
            private string? _name;

            public string? Name { get { {{read}} } }

            public int Length() { lock (_gate) { return _name == null || _ready ? 0 : _name.Length; } }

            internal void Prepare() { lock (_gate) { {{prepare}} } }

            {{other}}
        }
        """);

    [Theory]
    [InlineData("private int CountForDebugger => _items.Count;")]
    [InlineData("private string DebuggerDisplay => $\"{_items.Count}\";")]
    [InlineData("private sealed class DebugView(Box box) { public int[] Items => box._items.ToArray(); }")]
    [InlineData("internal sealed class DebuggingInformation(Box box) { internal int Count => box._items.Count; }")]
    [InlineData("private int Items => [|_items.Count|];")]
    public void WhatADebuggerShows_NeedsNoLock(string member) => Verify(
        $$"""
        public class Box
        {
            private readonly object _gate = new();
            private readonly List<int> _items = new();

            public void Add(int item) { lock (_gate) { _items.Add(item); } }

            public void Remove(int item) { lock (_gate) { _items.Remove(item); } }

            public int First() { lock (_gate) { return _items[0]; } }

            {{member}}
        }
        """);

    [Theory]
    [InlineData("static")]
    [InlineData("")]
    public void LockingTheCollectionItself_IsNoUse(string modifier) => Verify(
        $$"""
        public class Table
        {
            private {{modifier}} List<int> s_rows = new();

            public {{modifier}} int Find(int row)
            {
                lock (s_rows)
                {
                    for (int i = 0; i < s_rows.Count; i++) { if (s_rows[i] == row) return i; }
                    s_rows.Add(row);
                    return s_rows.Count;
                }
            }
        }
        """);

    [Fact]
    public void CollectionThatIsItsOwnLock_IsNotReadWhereItIsLocked() => Verify(
        """
        public class Work
        {
            private Queue<int> _items = new();

            public void Add(int item) { lock (_items) { _items.Enqueue(item); } }

            public int Take() { lock (_items) { return _items.Count == 0 ? 0 : _items.Dequeue(); } }

            public int Count => [|_items.Count|];
        }
        """);

    /// <summary>A collection that is used without the lock nearly as often as with it, and in many places, is not one that the lock guards.</summary>
    [Theory]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public void CollectionUsedWithoutTheLockInManyPlaces_HasNoGuard(int places, bool isTold) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private readonly List<int> _rows = new();

            {{string.Join("\n", Enumerable.Range(0, 8).Select(i => $"public void Add{i}() {{ lock (_gate) {{ _rows.Add({i}); }} }}"))}}
            {{string.Join("\n", Enumerable.Range(0, places - 1).Select(i => $"public int Get{i}() => {(isTold ? $"[|_rows[{i}]|]" : $"_rows[{i}]")};"))}}
            public void Clear() => {{(isTold ? "{|LOCK1101:_rows.Clear()|}" : "_rows.Clear()")}};
        }
        """);

    [Theory]
    [InlineData("private static object s_gate; private static readonly List<int> s_work = new();", "static Loop() { s_gate = new object(); new Thread(() => { lock (s_gate) { s_work.Clear(); } }).Start(); }")]
    [InlineData("private readonly object s_gate; private readonly List<int> s_work = new();", "public Loop() { s_gate = new object(); new Thread(delegate() { lock (s_gate) { s_work.Clear(); } }).Start(); }")]
    public void LockThatAConstructorMakesForItsLoop_IsTheFields(string fields, string constructor) => Verify(
        "public class Loop { " + fields + constructor + (fields.Contains("static") ? "public static" : "public") + " void Add(int n) { lock (s_gate) { s_work.Add(n); } }\n public "
        + (fields.Contains("static") ? "static " : "") + "int Count => [|s_work.Count|]; }");

    /// <summary>The helper that the test decides to call tests again: the first test only saves the lock.</summary>
    [Theory]
    [InlineData("if (_value != null) Clear();", "if (_value != null) { _value = null; }")]
    [InlineData("if (_value == null) return; Clear();", "if (_value != null) { _value = null; }")]
    [InlineData("bool isSet = [|_value|] != null; Clear(); Done = isSet;", "if (_value != null) { _value = null; }")]
    public void TestThatAHelperMakesAgain_IsAHint(string test, string helper) => Verify(
        $$"""
        public class Cache
        {
            private readonly object _gate = new();
            private object? _value;

            public bool Done { get; set; }

            public void Close() { {{test}} }

            public void Set(object value) { lock (_gate) { _value = value; } }

            public object? Get() { lock (_gate) { return _value; } }

            private void Clear() { lock (_gate) { {{helper}} } }
        }
        """);

    [Theory]
    [InlineData("_counts.Length")]
    [InlineData("_counts.Rank")]
    [InlineData("[|_counts[1]|]")]
    public void LengthOfAnArray_NeedsNoLock(string read) => Verify(
        $$"""
        public class Histogram
        {
            private readonly object _gate = new();
            private readonly int[] _counts = new int[8];

            public void Add(int at) { lock (_gate) { _counts[at]++; } }
            public void Remove(int at) { lock (_gate) { _counts[at]--; } }
            public void Reset() { lock (_gate) { Array.Clear(_counts); } }
            public int At(int at) { lock (_gate) { return _counts[at]; } }
            public int M() => {{read}};
        }
        """);

    [Theory]
    [InlineData("public void Check() => System.Diagnostics.Debug.Assert(_count > 0);")]
    [InlineData("public long Latest() { long count = _count; Thread.MemoryBarrier(); return count; }")]
    [InlineData("public long Latest() { Interlocked.MemoryBarrier(); return _count; }")]
    public void WhatIsAssertedOrOrderedByAFence_IsMeantWithoutTheLock(string member) => VerifyWith(member);

    [Theory]
    [InlineData("Dequeue", "_running")]
    [InlineData("Peek", "{|LOCK6004:_running|}")]
    public void FlagThatOnlyItsReaderTakesBack_IsItsOwn(string take, string read) => Verify(
        $$"""
        public class Pump
        {
            private readonly object _gate = new();
            private readonly Queue<int> _queue = new();
            private bool _running;

            public void Post(int i) { lock (_gate) { _queue.Enqueue(i); if (_running) { return; } _running = true; } Run(); }

            {{(take == "Peek" ? "public void Stop() { lock (_gate) { _running = false; } }" : "")}}

            private void Run()
            {
                do
                {
                    lock (_gate) { if (_queue.Count == 0) { _running = false; break; } _queue.{{take}}(); }
                }
                while ({{read}});
            }
        }
        """);

    [Theory]
    [InlineData("System.Collections.IList")]
    [InlineData("System.Collections.IEnumerable")]
    public void EnumeratorOfAnInterface_Reads(string collection) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();
            private readonly List<int> _rows = new();

            public void Add(int row) { lock (_gate) { _rows.Add(row); } }

            public void Remove(int row) { lock (_gate) { _rows.Remove(row); } }

            public System.Collections.IEnumerator Each() => [|(({{collection}})_rows).GetEnumerator()|];
        }
        """);

    [Theory]
    [InlineData("public bool M(Counter other) => other is { [|_count|]: 3 };")]
    [InlineData("public bool M(object other) => other is Counter { [|_name|].Length: > 3 };")]
    [InlineData("public bool M(Counter other) { lock (other._gate) { return other is { _count: 3, _name: \"a\" }; } }")]
    public void Pattern_Reads(string member) => VerifyWith(member);

    /// <summary>What is behind <c>field</c> has no other name, so that all of its uses are in sight, whoever can see the property.</summary>
    [FactSince("4.14", "The keyword field")]
    public void FieldOfAProperty_IsOneToo() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();

            public int Right { get { lock (_gate) { return field; } } set { lock (_gate) { field = value; } } }

            public int Count { get => [|field|]; set { lock (_gate) { if (field != value) field = value; } } }

            public int Mixed { get; set { lock (_gate) { if (field != value) field = value; } } }
        }
        """, "'Count' is read without '_gate', under which it is used in 2 of 3 places");

    [Theory]
    [InlineData("private", "_gate", "internal List<int> All => [|_rows|];")]
    [InlineData("private", "_gate", "public IEnumerable<int> All() { return [|_rows|]; }")]
    [InlineData("private", "_gate", "public int Count() => All().Count; private List<int> All() => _rows;")]
    [InlineData("private", "_gate", "public List<int> All() { lock (_gate) { return new(_rows); } }")]
    [InlineData("private", "_rows", "public List<int> All() => _rows;")]
    [InlineData("internal", "_gate", "public List<int> All() => _rows;")]
    public void CollectionThatIsHandedOut_IsGoneThroughByOthers(string access, string gate, string member) => Verify(
        $$"""
        public class Table
        {
            {{access}} readonly object _gate = new();
            private readonly List<int> _rows = new();

            public void Add(int row) { lock ({{gate}}) { _rows.Add(row); } }

            public void Remove(int row) { lock ({{gate}}) { _rows.Remove(row); } }

            {{member}}
        }
        """);

    [Theory]
    [InlineData("public int? M() => [|_rows?.Count|];")]
    [InlineData("public object? M() => [|_rows|]?.ToList();")]
    [InlineData("public bool M() => _rows is { [|Count|]: > 0 };")]
    public void CollectionBehindAQuestionMark_IsReported(string member) => VerifyWith(member);

    [Theory]
    [InlineData("public int? M() { lock (_gate) { return _rows?.Count; } }")]
    [InlineData("public bool M() { lock (_gate) { return _rows is { Count: > 0 }; } }")]
    public void CollectionBehindAQuestionMarkUnderTheLock_IsSilent(string member) => VerifyWith(member);

    /// <summary>A collection that is locked itself says what guards it, however seldom that is done.</summary>
    [Fact]
    public void CollectionLockedItselfOnce_IsReported() => Verify(
        """
        public class Cache
        {
            private readonly Dictionary<string, object> _made = new();

            public object? Find(string key)
            {
                lock (_made)
                {
                    return _made[key];
                }
            }

            public void Make(string key)
            {
                if (![|_made.ContainsKey(key)|])
                {
                    {|LOCK1101:_made.Add(key, new object())|};
                }
            }
        }
        """);

    [Fact]
    public void CollectionLockedItselfOnceAmongMany_IsSilent() => Verify(
        """
        public class Cache
        {
            private readonly List<object> _made = new();

            public void Add(object made)
            {
                lock (_made)
                {
                    _made.Add(made);
                }
            }

            public void M1() => _made.Add(1);
            public void M2() => _made.Add(2);
            public void M3() => _made.Clear();
            public int M4() => _made.Count;
        }
        """);

    /// <summary>That a collection is locked to wait for it, or for something else, is no use of it.</summary>
    [Fact]
    public void CollectionLockedForSomethingElse_IsSilent() => Verify(
        """
        public class Cache
        {
            private readonly List<object> _made = new();
            private int _count;

            public void Count()
            {
                lock (_made)
                {
                    _count++;
                }
            }

            public void Add() => _made.Add(1);

            public int Made() => _made.Count;
        }
        """);

    /// <summary>Reading a property calls no setter: where that goes back to the reader, there is no circle, whichever type comes first.</summary>
    [Fact]
    public void ReadOfAPropertyThatIsSetElsewhere_ClosesNoCircle() => Verify(
        """
        public class Typed<T> : Factory { public object Get(string n) => Get(n, typeof(T)); }

        public class Factory
        {
            private readonly Dictionary<string, object> _made = new();
            private readonly object _gate = new();
            private int _level;
            private object _setting = new();

            public object Setting { get { lock (_gate) { return _setting; } } set { lock (_gate) { _setting = value; Again(_setting); } } }
            public int Level { get { return _level; } set { lock (_gate) { _level = value; Again(); } } }
            public object Get(string name, Type type) => Find(name + type);
            public void Again() { Again(Setting); }
            internal void Again(object setting) { foreach (object one in [|_made.Values|]) { Use(one, Read(setting)); } }
            internal int Read(object setting) => ReadLevel(setting);
            internal int ReadLevel(object setting) => Level;
            private static void Use(object one, int level) { }

            private object Find(string key)
            {
                lock (_gate)
                {
                    if (_made.TryGetValue(key, out object? known))
                    {
                        return known;
                    }

                    object made = new();
                    Use(made, Read(Setting));
                    _made[key] = made;
                    return made;
                }
            }
        }
        """);

    /// <summary>What one caller passes is locked, and what the other passes nobody else has yet; or somebody has.</summary>
    [Theory]
    [InlineData("string? book = Read(shelf, title); lock (_shelves) { _shelves[room] = shelf; }", "shelf.Books.TryGetValue(title, out string? book)")]
    [InlineData("lock (_shelves) { _shelves[room] = shelf; } string? book = Read(shelf, title);", "[|shelf.Books.TryGetValue(title, out string? book)|]")]
    public void HelperThatGetsWhatIsLockedOrNew_IsReportedOnlyWhereItIsShared(string made, string read) => Verify(
        $$"""
        internal class Shelf
        {
            internal readonly Dictionary<string, string> Books = new();

            public void Put(string title, string book) { lock (this) { Books.Remove(title); Books.Add(title, book); } }
        }

        internal class Archive
        {
            private readonly Dictionary<int, Shelf> _shelves = new();

            public string? Find(int room, string title)
            {
                Shelf? shelf;
                lock (_shelves) { _shelves.TryGetValue(room, out shelf); }
                if (shelf is null) { return null; }
                lock (shelf) { return Read(shelf, title); }
            }

            public string? Open(int room, string title)
            {
                var shelf = new Shelf();
                {{made}}
                return book;
            }

            private static string? Read(Shelf shelf, string title) => {{read}} ? book : null;
        }
        """);
}
