// LOCK1101: a field that is nearly always used under one lock is written under it.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class WriteKeepsInferredGuardTests() : RuleTests("LOCK1101")
{
    private void VerifyWith(string member, string editorConfig = "", string? message = null) => Verify(
        $$"""
        public class Counter
        {
            private readonly object _gate = new();
            private int _count;
            private readonly List<int> _rows = new();

            public void Add()
            {
                lock (_gate)
                {
                    _count++;
                    _rows.Add(_count);
                }
            }

            public void Reset()
            {
                lock (_gate)
                {
                    _count = 0;
                    _rows.Clear();
                }
            }

            {{member}}
        }
        """, message, editorConfig: editorConfig);

    private void VerifyProperties(string member) => Verify(
        $$"""
        public class Session : IDisposable
        {
            private readonly object _gate = new();
            private readonly List<Session> _others = new();

            private int Count { get; set; }

            public long Total { get; private set; }

            private List<int> Rows { get; } = new();

            private bool Closed { get; set; }

            private static int Sessions { get; set; }

            public virtual int Open { get; set; }

            [Unguarded("statistics")]
            private int Peak { get; set; }

            private int Checked { get => 1; set { } }

            public Session() { Count = 1; Rows.Add(1); }

            public void Add(int row) { lock (_gate) { Count++; Total += row; Rows.Add(row); Open++; Peak++; Checked++; } }

            public void Clear() { lock (_gate) { Count = 0; Total = 0; Rows.Clear(); Open = 0; Peak = 0; Checked = 0; } }

            public void Dispose() { lock (_gate) { Closed = true; Count = 0; Total = 0; Open = 0; Peak = 0; Checked = 0; } }

            {{member}}
        }
        """);

    /// <summary>A property whose accessors the compiler writes is a field by another name.</summary>
    [Theory]
    [InlineData("public void M() => [|Count|] = 1;")]
    [InlineData("public void M() => [|Count|]++;")]
    [InlineData("public void M() { [|Total|] += 1; }")]
    [InlineData("public void M() { (int a, [|Count|]) = (1, 2); _ = a; }")]
    [InlineData("public void M() => [|Rows.Clear()|];")]
    [InlineData("public void M() { List<int> rows = Rows; [|rows.Clear()|]; }")]
    [InlineData("public void M() { foreach (Session other in _others) { [|other.Count|] = 0; } }")]
    [InlineData("public void M() { if (!{|LOCK6004:Closed|}) { lock (_gate) { Count++; } } }")]
    [InlineData("public int M() => {|LOCK1102:Count|};")]
    [InlineData("public int M() => {|LOCK1102:Rows.Count|};")]
    [InlineData("public bool M() => this is { {|LOCK1102:Count|}: 3 };")]
    public void AutomaticProperty_IsAField(string member) => VerifyProperties(member);

    [Theory]
    [InlineData("public void M() { lock (_gate) { Count = 1; Rows.Clear(); } }")]
    [InlineData("public void M() { Open = 3; Peak = 3; Checked = 3; }")]
    [InlineData("public Session M() => new() { Count = 3, Total = 4 };")]
    [InlineData("public string M() => nameof(Count) + nameof(Rows);")]
    [InlineData("public List<int> M() => Rows;")]
    [InlineData("public void M() { Sessions++; lock (_gate) { Sessions--; } }")]
    public void OtherProperty_IsNot(string member) => VerifyProperties(member);

    [Fact]
    public void AutomaticProperty_IsNamed() => Verify(
        """
        public class Session
        {
            private readonly object _gate = new();

            private List<int> Rows { get; } = new();

            public void Add(int row) { lock (Rows) { Rows.Add(row); } }

            public void Remove(int row) { lock (Rows) { Rows.Remove(row); } }

            public void Clear() => [|Rows.Clear()|];
        }
        """,
        "'Rows' is written without its own lock, under which it is used in 2 of 3 places");

    /// <summary>That the parent whose lock the caller holds is the parent of the child is not written anywhere.</summary>
    [Theory]
    [InlineData("public void Tell() { foreach (Child child in _children) { if (child.Value > 3) { return; } } }")]
    [InlineData("public void Tell() { foreach (Child child in _children) { child.Value = 3; } }")]
    [InlineData("public void Tell() { } public void M() { foreach (Child child in _children) { [|child.Value|] = 3; } }")]
    public void ChildOfAParentWhoseLockTheCallerHolds(string members) => Verify(
        $$"""
        public class Parent
        {
            private readonly object _gate = new();
            private readonly List<Child> _children = new();

            {{members}}

            private sealed class Child(Parent parent)
            {
                public int Value { get; set; }

                public void Set(int value) { lock (parent._gate) { Value = value; parent.Tell(); } }

                public void Clear() { lock (parent._gate) { Value = 0; parent.Tell(); } }
            }
        }
        """);

    [Fact]
    public void CollectionThatAConstructorMakesAndALambdaLocks_IsUnderItsLock() => Verify(
        """
        public class Sessions
        {
            private readonly Dictionary<string, int> _open;

            public Sessions(Action<Action> repeat)
            {
                _open = new Dictionary<string, int>();
                repeat(() => { lock (_open) { _open.Remove("old"); } });
            }

            public void Add(string name) { lock (_open) { _open[name] = 1; } }

            public void Remove(string name) { lock (_open) { _open.Remove(name); } }

            public void Clear() { [|_open.Clear()|]; }
        }
        """);

    [Fact]
    public void OneWriteOutsideTheLock_IsReported() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();
            private int _count;

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

            public void Drop() => [|_count|] = -1;
        }
        """,
        "'_count' is written without '_gate', under which it is used in 2 of 3 places");

    [Theory]
    [InlineData("public void Drop() => [|_count|]--;")]
    [InlineData("public void Drop() => [|this._count|] += 2;")]
    [InlineData("public void Drop() => (_, [|_count|]) = (1, 2);")]
    [InlineData("public void Drop(Counter other) => [|other._count|] = 1;")]
    [InlineData("public void Drop() => [|_rows.Clear()|];")]
    [InlineData("public void Drop() => [|_rows[0]|] = 1;")]
    [InlineData("public void Drop() => Set(out [|_count|]); private static void Set(out int value) => value = 1;")]
    [InlineData("public void Drop() => Task.Run(() => [|_count|] = 1);")]
    [InlineData("public int Last { set => [|_count|] = value; }")]
    [InlineData("public async Task Drop() { await Task.Yield(); [|_count|] = 1; }")]
    public void EveryFormOfWrite_IsReported(string member) => VerifyWith(member);

    [Theory]
    [InlineData("public Counter() => _count = 1;")]
    [InlineData("~Counter() => _count = 1;")]
    [InlineData("public void Dispose() => _rows.Clear();")]
    [InlineData("public static Counter Create() { var counter = new Counter(); counter._count = 7; return counter; }")]
    [InlineData("public void Set(int count) { lock (_gate) { SetCore(count); } } private void SetCore(int count) => _count = count;")]
    [InlineData("public void Set(int count) { Monitor.Enter(_gate); try { _count = count; } finally { Monitor.Exit(_gate); } }")]
    public void UnsharedOrLocked_IsSilent(string member) => VerifyWith(member);

    [Fact]
    public void HelperOfAForgetfulCaller_IsReportedAtTheCall() => VerifyWith(
        """
        public void Set(int count)
            {
                lock (_gate)
                {
                    SetCore(count);
                }
            }

            public void SetFast(int count) => [|SetCore(count)|];

            private void SetCore(int count) => _count = count;
        """);

    [Fact]
    public void HelperThatReadsAndWrites_IsOneMistake() => VerifyWith(
        """
        public void Grow() { lock (_gate) { Raise(); } }
            public void GrowFast() => [|Raise()|];
            private void Raise() => _count = _count * 2 + 1;
        """);

    [Fact]
    public void OtherLock_IsNotTheGuard() => VerifyWith("private readonly object _other = new(); public void Drop() { lock (_other) { [|_count|] = 1; } }");

    [Fact]
    public void SharedHold_IsNotEnoughForAWrite() => Verify(
        """
        public class Counter
        {
            private readonly ReaderWriterLockSlim _gate = new();
            private int _count;

            public int Count()
            {
                _gate.EnterReadLock();
                try { return _count; }
                finally { _gate.ExitReadLock(); }
            }

            public void Add()
            {
                _gate.EnterWriteLock();
                try { _count++; }
                finally { _gate.ExitWriteLock(); }
            }

            public void Reset()
            {
                _gate.EnterReadLock();
                try { [|_count|] = 0; }
                finally { _gate.ExitReadLock(); }
            }
        }
        """);

    [Fact]
    public void HalfOfThePlaces_ProveNothing() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();
            private int _count;

            public void Add()
            {
                lock (_gate)
                {
                    _count++;
                }
            }

            public void Subtract()
            {
                lock (_gate)
                {
                    _count--;
                }
            }

            public void Reset() => _count = 0;

            public void Double() => _count *= 2;
        }
        """);

    [Theory]
    [InlineData("", "_count")]
    [InlineData("locking.inferred_share = 80", "_count")]
    [InlineData("locking.inferred_share = 70", "[|_count|]")]
    [InlineData("locking.inferred_share =", "_count")]
    public void Share_IsAnOption(string option, string count) => Verify(
        $$"""
        public class Counter
        {
            private readonly object _gate = new();
            private int _count;

            public void Many(int n)
            {
                lock (_gate)
                {
                    _count = 1; _count = 2; _count = 3; _count = 4; _count = 5; _count = 6; _count = n;
                }
            }

            public void Reset() => {{count}} = 0;

            public void Double() => {{count}} = 2;

            public void Triple() => {{count}} = 3;
        }
        """, editorConfig: option);

    [Theory]
    [InlineData("locking.inferred_share = 100")]
    [InlineData("")]
    public void OneOrTwoExceptions_AreToldWhereTwoThirdsAgree(string option) => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();
            private int _count;

            public void Add() { lock (_gate) { _count++; } }

            public void Subtract() { lock (_gate) { _count--; } }

            public void Reset() => [|_count|] = 0;
        }
        """, editorConfig: option);

    [Fact]
    public void UnguardedVolatileAtomicAndThreadStatic_NeedNoLock() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();

            [Unguarded("a hint")]
            private int _hint;

            private volatile int _volatile;
            private int _atomic;

            [ThreadStatic]
            private static int t_own;

            public void Add()
            {
                lock (_gate)
                {
                    _hint++;
                    _volatile++;
                    _atomic++;
                    t_own++;
                }
            }

            public void Subtract()
            {
                lock (_gate)
                {
                    _hint--;
                    _volatile--;
                    _atomic--;
                    t_own--;
                }
            }

            public void Reset()
            {
                _hint = 0;
                _volatile = 0;
                Interlocked.Exchange(ref _atomic, 0);
                t_own = 0;
            }
        }
        """);

    [Fact]
    public void InternalField_IsJudgedByTheWholeProgram() => Verify(
        """
        public class Counter
        {
            internal readonly object Gate = new();
            internal int Count;

            public void Add() { lock (Gate) { Count++; } }

            public void Subtract() { lock (Gate) { Count--; } }
        }

        public class User
        {
            public void Reset(Counter counter) => [|counter.Count|] = 0;

            public void Right(Counter counter) { lock (counter.Gate) { counter.Count = 0; } }
        }
        """);

    [Fact]
    public void StaticField_IsInferredLikeAnyOther() => Verify(
        """
        public static class Counter
        {
            private static readonly object s_gate = new();
            private static int s_count;

            public static void Add() { lock (s_gate) { s_count++; } }

            public static void Subtract() { lock (s_gate) { s_count--; } }

            public static void Reset() => [|s_count|] = 0;
        }
        """);

    [Fact]
    public void ContractWins_OverWhatIsInferred() => Verify(
        """
        public class Counter
        {
            private readonly object _gate = new();
            private readonly object _right = new();

            [GuardedBy(nameof(_right))]
            private int _count;

            public void Add() { lock (_gate) { {|LOCK1001:_count|}++; } }

            public void Subtract() { lock (_gate) { {|LOCK1001:_count|}--; } }

            public void Reset() { lock (_right) { _count = 0; } }
        }
        """);

    [Fact]
    public void Miss_FieldOfAStruct_IsSilent() => Verify(
        """
        public struct Counter
        {
            private readonly object _gate = new();
            private int _count;

            public Counter(int count) => _count = count;

            public void Add() { lock (_gate) { _count++; } }

            public void Subtract() { lock (_gate) { _count--; } }

            public void Reset() => _count = 0;
        }
        """);

    private static string Sink(string start) =>
        $$"""
        public class Sink : IObserver<int>
        {
            private readonly object _gate = new();
            private int _count;

            public void Run(IObservable<int> source) { {{start}} }

            public void OnNext(int value) { lock (_gate) { _count++; } }

            public void OnCompleted() { lock (_gate) { _count = -1; } }

            public void OnError(Exception error) { lock (_gate) { _count = -2; } }
        }
        """;

    [Theory]
    [InlineData("_count = 0; source.Subscribe(this);")]
    [InlineData("_count = 0; new Thread(() => OnNext(1)).Start();")]
    [InlineData("_count = 0; Task.Run(OnCompleted);")]
    public void FirstValueBeforeTheStart_IsSilent(string start) => Verify(Sink(start));

    [Theory]
    [InlineData("source.Subscribe(this); [|_count|] = 0;")]
    [InlineData("[|_count|] = 0;")]
    [InlineData("[|_count|] = 7; source.Subscribe(this);")]
    [InlineData("[|_count|]++; source.Subscribe(this);")]
    public void ValueOfARunningObject_IsReported(string start) => Verify(Sink(start));

    [Fact]
    public void HelperThatIsCalledBeforeTheObjectSubscribesItself_IsSilent() => Verify(
        """
        public class Window
        {
            private readonly object _gate = new();
            private readonly Queue<int> _open = new();

            public void Run(List<Window> source)
            {
                Create(1);
                source.Add(this);
            }

            public void OnNext(int i) { lock (_gate) { Create(i); } }

            public void OnCompleted() { lock (_gate) { _open.Clear(); } }

            private void Create(int i) => _open.Enqueue(i);
        }
        """);

    [Fact]
    public void HelperThatIsCalledBeforeAFunctionOfTheObjectIsStarted_IsReported() => Verify(
        """
        public class Window
        {
            private readonly object _gate = new();
            private readonly Queue<int> _open = new();

            public void Restart()
            {
                [|Create(1)|];
                Task.Run(OnCompleted);
            }

            public void OnNext(int i) { lock (_gate) { Create(i); } }

            public void OnCompleted() { lock (_gate) { _open.Clear(); } }

            private void Create(int i) => _open.Enqueue(i);
        }
        """);

    [Fact]
    public void HelperOfAnOverriddenMember_IsEnteredWithWhatItsCallerHolds() => Verify(
        """
        public abstract class Target
        {
            private readonly object _gate = new();
            private bool _isScanned;

            public void Start() { lock (_gate) { _isScanned = false; Initialize(); } }
            public void Stop() { lock (_gate) { _isScanned = false; } }
            public bool Ask() { lock (_gate) { return _isScanned; } }
            protected virtual void Initialize() => Scan();
            private void Scan() => _isScanned = true;
        }

        public sealed class Console : Target
        {
            protected override void Initialize() => base.Initialize();
        }
        """);

    [Fact]
    public void BeforeTheReleaseOfACallersLock_NothingIsTold() => Verify(
        """
        public class Table
        {
            private readonly SemaphoreSlim _one = new(1, 1);
            private int _count;

            public void A() { _one.Wait(); _count++; _one.Release(); }
            public void B() { _one.Wait(); _count++; _one.Release(); }
            public void C() { _one.Wait(); _count++; _count--; _one.Release(); }
            public void D() { _one.Wait(); Task.Run(Finish); }
            public void E() { _one.Wait(); Task.Run(FinishTooEarly); }

            private void Finish() { try { _count++; } finally { _one.Release(); } }
            private void FinishTooEarly() { _count++; _one.Release(); [|_count|]++; }
        }
        """);

    [Fact]
    public void CollectionThatIsChangedWithoutTheLockInHalfOfThePlaces_IsReported() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();
            private readonly List<int> _rows = new();

            public void Add(int row) { lock (_gate) { _rows.Add(row); } }

            public bool Has(int row) { lock (_gate) { return _rows.Contains(row); } }

            public void Clear() => [|_rows.Clear()|];

            public void Remove(int row) => [|_rows.Remove(row)|];
        }
        """,
        "'_rows' is written without '_gate', under which it is used in 2 of 4 places");

    [Fact]
    public void HelperThatIsCalledOnNewObjects_IsJudgedByTheOthers() => Verify(
        """
        public sealed class Table
        {
            private readonly object _gate = new();
            private int _rows;
            private int _size;

            public int Rows { get { lock (_gate) { return _rows + _size; } } }

            public void Add() { lock (_gate) { _rows++; _size++; } }

            public static Table Make(Table old)
            {
                var made = new Table();
                made.Clear();
                made.Shrink();
                old.Shrink();
                lock (old._gate) { made._rows = old._rows; }
                return made;
            }

            internal void Clear() => _rows = 0;

            internal void Shrink() => [|_size|] = 0;
        }
        """);

    [Fact]
    public void HelpersInACircle_AreEnteredFromElsewhere() => Verify(
        """
        public class Connection
        {
            private readonly object _gate = new();
            private int _state;
            private int _other;

            public void Open() { lock (_gate) { Enter(1); } }

            public void Close() { lock (_gate) { Enter(2); } }

            public bool IsOpen { get { lock (_gate) { return _state == 1; } } }

            public void Reset() { lock (_gate) { _other = 0; } }

            public int Other { get { lock (_gate) { return _other; } } }

            public void Set() => [|Count(3)|];

            public void SetLocked() { lock (_gate) { Count(4); } }

            private void Enter(int state) { _state = state; if (state == 2) { Leave(); } }

            private void Leave() { if (_state == 2) { Enter(3); } }

            private void Count(int n) { _other = n; if (n > 3) { Count(n - 1); } }
        }
        """);

    [Fact]
    public void OtherLockInFewerBodies_IsTheWrongOne() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();
            private readonly object _other = new();
            private readonly Queue<int> _rows = new();

            public void Add(int row) { lock (_gate) { _rows.Enqueue(row); } }

            public void Put(int row) { lock (_gate) { _rows.Enqueue(row); } }

            public int Take() { lock (_gate) { return _rows.Dequeue(); } }

            public void Clear() { lock (_other) { [|_rows.Clear()|]; } }

            public int Count { get { lock (_other) { return {|LOCK1102:_rows.Count|}; } } }
        }
        """);

    [Theory]
    [InlineData("return !_closed && _names.Remove(name);", "_names.Clear();")]
    [InlineData("return _names.Remove(name);", "[|_names.Clear()|];")]
    [InlineData("return !_closed && _names.Remove(name);", "lock (_gate) { _closed = false; } [|_names.Clear()|];")]
    public void WhatAFlagClaims_IsTheBodysOwnWhereEverybodyElseLooksAtIt(string others, string use) => Verify(
        $$"""
        public class Registry
        {
            private readonly object _gate = new();
            private readonly List<string> _names = new();
            private bool _closed;

            public void Add(string name) { lock (_gate) { if (!_closed) { _names.Add(name); } } }

            public bool Remove(string name) { lock (_gate) { {{others}} } }

            public void Close()
            {
                lock (_gate) { if (_closed) { return; } _closed = true; }
                {{use}}
            }
        }
        """);

    [Theory]
    [InlineData("public void Add(int i) { lock (_other) { _items.Enqueue(i); } } public void Take() { lock (_other) { _items.Dequeue(); } }")]
    [InlineData("public void Add(int i) { lock (_other) { [|_items.Enqueue(i)|]; } }")]
    public void TwoLocks_AreToldByTheBodiesThatUseThem_HoweverOftenTheirHelperIsCalled(string members) => Verify(
        $$"""
        public class Queue
        {
            private readonly object _gate = new();
            private readonly object _other = new();
            private readonly Queue<int> _items = new();

            public void Close() { lock (_gate) { Drain(); } }

            public void Abort() { lock (_gate) { Drain(); } }

            public void Reset() { lock (_gate) { Drain(); } }

            {{members}}

            private void Drain() => _items.Clear();
        }
        """);

    [Fact]
    public void Deserialiser_CallsItsMethodBeforeAnybodyHasTheObject() => Verify(
        """
        public class Stamp
        {
            private readonly object _gate = new();
            private int _count;

            public void Add() { lock (_gate) { _count++; } }

            public void Subtract() { lock (_gate) { _count--; } }

            [System.Runtime.Serialization.OnDeserialized]
            internal void Start(System.Runtime.Serialization.StreamingContext context) => _count = 1;

            [System.Runtime.Serialization.OnSerializing]
            internal void Stop(System.Runtime.Serialization.StreamingContext context) => [|_count|] = 0;
        }
        """);

    [Theory]
    [InlineData("public void Reset() { Clear(); }", "[|_count|]")]
    [InlineData("public void Dispose() { Clear(); }", "_count")]
    public void HelperOfDispose_IsAsLateAsDispose(string caller, string told) => Verify(
        $$"""
        public class Stamp
        {
            private readonly object _gate = new();
            private int _count;

            public void Add() { lock (_gate) { _count++; } }

            public void Subtract() { lock (_gate) { _count--; } }

            {{caller}}

            private void Clear() => {{told}} = 0;
        }
        """);

    [Fact]
    public void HelperThatIsCalledInAWayTheCompilerDoesNotUnderstand_SaysNothing() => Verify(
        """
        public class Stamp
        {
            private readonly object _gate = new();
            private int _count;

            public void Add() { lock (_gate) { _count++; } }

            public void Subtract() { lock (_gate) { _count--; Reset(Missing.Value); } }

            private void Reset(int count) => _count = count;
        }
        """,
        compiles: false);

    [Fact]
    public void HelperThatNobodyMentions_IsReported() => Verify(
        """
        public class Stamp
        {
            private readonly object _gate = new();
            private int _count;

            public void Add() { lock (_gate) { _count++; } }

            public void Subtract() { lock (_gate) { _count--; } }

            private void Update() => [|_count|] = 0;
        }
        """);

    [Theory]
    [InlineData("string name", "_replied = false; _aborted = false; _count = 0; _name = name;")]
    [InlineData("string name", "[|_replied|] = false; _name = name;")]
    [InlineData("", "[|_replied|] = false; _aborted = false; _count = 0; _name = null;")]
    [InlineData("string name", "[|_replied|] = _count > 0; _aborted = false; _count = 0; _name = name;")]
    public void BodyThatGivesTheObjectWhatItWorksWith_HasItToItself(string parameters, string body) => Verify(
        $$"""
        public class Context
        {
            private readonly object _gate = new();
            private bool _replied;
            private bool _aborted;
            private int _count;
            private string? _name;

            public void Reply() { lock (_gate) { _replied = true; _aborted = false; _count++; } }

            public void Abort() { lock (_gate) { _replied = false; _aborted = true; _count--; } }

            public bool IsDone() { lock (_gate) { return _replied || _aborted || _count > 3; } }

            public void Open({{parameters}}) { {{body}} }

            public string? Name => _name;
        }
        """);

    [Theory]
    [InlineData("lock (_gate) { _runner.Run(() => { _map.Clear(); Reset(); }); }", true)]
    [InlineData("lock (_gate) { _runner.Run(() => { Missing.Log(); _map.Clear(); Reset(); }); }", false)]
    [InlineData("_runner.Run(() => [|_map.Clear()|]);", true)]
    [InlineData("lock (_gate) { Task.Run(() => [|_map.Clear()|]); }", true)]
    [InlineData("lock (_gate) { new Thread(() => [|Reset()|]).Start(); }", true)]
    public void FunctionThatIsPassedOnUnderTheLock_MayRunAtOnce(string body, bool compiles) => Verify(
        $$"""
        public interface IRunner
        {
            void Run(Action action);
        }

        public class Store(IRunner runner)
        {
            private readonly object _gate = new();
            private readonly Dictionary<int, int> _map = new();
            private readonly IRunner _runner = runner;
            private int _count;

            public void Add(int i) { lock (_gate) { _map.Add(i, i); _count++; } }

            public void Remove(int i) { lock (_gate) { _map.Remove(i); _count--; } }

            public bool IsEmpty() { lock (_gate) { return _map.Count == 0 && _count == 0; } }

            public void Clear() { lock (_gate) { Reset(); } }

            public void Use() { {{body}} }

            private void Reset() => _count = 0;
        }
        """,
        compiles: compiles);

    [Fact]
    public void OfTwoLocks_TheOneThatEveryWriterHolds_IsMeant() => Verify(
        """
        public class Loop
        {
            private readonly object _gate = new();
            private readonly object _sync = new();
            private object? _source;

            public void Open() { lock (_sync) { _source ??= new object(); } }

            public void Close() { lock (_gate) { lock (_sync) { _source = null; } } }

            public string? Use() { lock (_gate) { return {|LOCK1102:_source|}?.ToString(); } }

            public int Count() { lock (_gate) { lock (_sync) { return _source is null ? 0 : 1; } } }
        }
        """);

    [Theory]
    [InlineData("using (new Scope(_gate)) { _count++; }")]
    [InlineData("using Scope scope = new(_gate); _count++;")]
    [InlineData("using (_gate.Enter()) { _count++; }")]
    [InlineData("using (new Scope(_other)) { [|_count|]++; }")]
    [InlineData("[|_count|]++;")]
    public void ScopeOfAnotherType_LocksWhatItIsPassed(string statements) => Verify(
        $$"""
        public class Table
        {
            private readonly SemaphoreSlim _gate = new(1, 1);
            private readonly SemaphoreSlim _other = new(1, 1);
            private int _count;

            public void One() { using (_gate.Enter()) { _count++; } }
            public void Two() { using (new Scope(_gate)) { _count--; } }
            public void Three() { _gate.Wait(); try { _count = 0; } finally { _gate.Release(); } }
            public void Use() { {{statements}} }
        }

        public sealed class Scope : IDisposable
        {
            private readonly SemaphoreSlim _kept;

            public Scope(SemaphoreSlim kept) { _kept = kept; kept.Wait(); }

            public void Dispose() => _kept.Release();
        }

        public static class Extensions { public static Scope Enter(this SemaphoreSlim semaphore) => new(semaphore); }
        """);

    [Fact]
    public void PartialHelper_IsJudgedAtItsCalls() => Verify(
        """
        public partial class Counter
        {
            private readonly object _gate = new();
            private int _hits;

            partial void Change(int by);

            public void Hit()
            {
                lock (_gate)
                {
                    Change(1);
                }
            }

            public void Miss()
            {
                lock (_gate)
                {
                    Change(-1);
                }
            }

            public int Hits()
            {
                lock (_gate)
                {
                    return _hits;
                }
            }

            public void Forgets() => [|Change(0)|];
        }

        public partial class Counter
        {
            partial void Change(int by) => _hits += by;
        }
        """);

    private void VerifyObject(string members) => Verify(
        $$"""
        public class Store
        {
            private int _size;
            public void Put(int size) => _size += size;
            public void Drop() => _size = 0;
            public bool Contains(int size) => _size >= size;
            public int Size => _size;
        }

        public class Locked
        {
            private readonly object _gate = new();
            private int _size;
            public void Put(int size) { lock (_gate) { _size += size; } }
        }

        public class Owner
        {
            private readonly Store _store = new();
            private readonly Random _random = new();
            private readonly Locked _locked = new();

            public void Put(int size)
            {
                lock (_store)
                {
                    _store.Put(size);
                }
            }

            public void Drop()
            {
                lock (_store)
                {
                    _store.Drop();
                }
            }

            public int Roll()
            {
                lock (_random)
                {
                    return _random.Next() + _random.Next(6);
                }
            }

            public void PutBoth()
            {
                lock (_locked)
                {
                    _locked.Put(1);
                    _locked.Put(2);
                }
            }

            {{members}}
        }
        """);

    /// <summary>Whoever locks an object to use it says that it needs a lock, of whatever type it is.</summary>
    [Theory]
    [InlineData("public void M() => [|_store.Drop()|];")]
    [InlineData("public int M() => [|_random.Next()|];")]
    public void ObjectThatIsLockedItself_IsReported(string member) => VerifyObject(member);

    [Theory]
    [InlineData("public void M() { lock (_store) { _store.Drop(); } }")]
    [InlineData("public bool M() => _store.Contains(1);")]
    [InlineData("public int M() => _store.Size;")]
    [InlineData("public void M() => _locked.Put(1);")]
    [InlineData("public void M() { Store own = new(); own.Drop(); }")]
    public void ObjectThatIsLockedItselfOrOnlyAsked_IsSilent(string member) => VerifyObject(member);

    /// <summary>What a wrapper locks for whoever uses it is locked by hand only to go through it.</summary>
    [Theory]
    [InlineData("System.Collections.Hashtable.Synchronized(new System.Collections.Hashtable())", "_all.Add(key, 1)")]
    [InlineData("new System.Collections.Hashtable()", "[|_all.Add(key, 1)|]")]
    public void CollectionBehindAWrapper_LocksForItself(string made, string add) => Verify(
        $$"""
        public class Registry
        {
            private readonly System.Collections.Hashtable _all = {{made}};

            public int Sum()
            {
                lock (_all.SyncRoot)
                {
                    int sum = 0;
                    foreach (int one in _all.Values)
                    {
                        sum += one;
                    }

                    return sum;
                }
            }

            public void Add(object key) => {{add}};
        }
        """);

    /// <summary>What a helper does under a lock of its own says nothing about what it does without.</summary>
    [Theory]
    [InlineData("private void Drain() { lock (_gate) { _count--; } [|_count|] = 0; }")]
    [InlineData("private void Drain() { lock (_gate) { _rows.Remove(1); } [|_rows.Clear()|]; }")]
    [InlineData("private void Drain() { lock (_gate) { _count--; } lock (_gate) { _count = 0; } }")]
    public void HelperThatLocksForItself_IsJudgedWhereItDoesNot(string helper) => VerifyWith($"public void Run() => Drain(); {helper}");

    /// <summary>Where some callers hold the lock, the others forget it; where none does, it is the helper.</summary>
    [Theory]
    [InlineData("public void Set() => SetCore(); private void SetCore() => [|_count|] = 3;")]
    [InlineData("public void Set() => Task.Run(() => SetCore()); private void SetCore() => [|_count|] = 3;")]
    [InlineData("public void Set() => SetCore(); public void SetAgain() => SetCore(); public int One() { lock (_gate) { return _count; } } public int Two() { lock (_gate) { return _count; } } private void SetCore() => [|_count|] = 3;")]
    [InlineData("public void Set() { lock (_gate) { SetCore(); } } public void SetFast() => [|SetCore()|]; private void SetCore() => _count = 3;")]
    public void HelperThatNobodyCallsLocked_IsReportedInside(string members) => VerifyWith(members);

    /// <summary>Two that were put in order are both held, whatever they are called then.</summary>
    [Theory]
    [InlineData("lock (first._gate) { lock (second._gate) { from.Draw(1); to.Draw(-1); } }")]
    [InlineData("lock (first._gate) { lock (second._gate) { } } [|from.Draw(1)|];")]
    [InlineData("object one = first._gate, two = second._gate; lock (one) { lock (two) { from._sum--; to._sum++; } }")]
    [InlineData("object one = from._id < to._id ? from._gate : to._gate, two = from._id < to._id ? to._gate : from._gate; lock (one) { lock (two) { from._sum--; to._sum++; } }")]
    [InlineData("object one = from._id < to._id ? from._gate : to._gate, two = from._id < to._id ? to._gate : from._gate; lock (one) { lock (two) { } } [|from._sum|]--;")]
    public void HelperOfOrderedPair_MayBeUnderItsLock(string body) => Verify(
        $$"""
        public class Account
        {
            private readonly object _gate = new();
            private readonly int _id;
            private int _sum;

            public void Add() { lock (_gate) { _sum++; } }
            public void Clear() { lock (_gate) { _sum = 0; } }
            public int Sum() { lock (_gate) { return _sum; } }
            public void Take() { lock (_gate) { Draw(1); } }

            public static void Move(Account from, Account to)
            {
                Account first = from._id < to._id ? from : to;
                Account second = from._id < to._id ? to : from;
                {{body}}
            }

            private void Draw(int n) => _sum -= n;
        }
        """);

    [Theory]
    [InlineData("public void Put(int i) => Volatile.Write(ref _slots[i], \"x\");")]
    [InlineData("public string? Swap(int i) => Interlocked.Exchange(ref _slots[i], null);")]
    [InlineData("public void Put(int i) => [|_slots[i]|] = \"x\";")]
    public void ArrayWhoseElementsAreUsedAtomically_IsExempt(string member) => Verify(
        $$"""
        public class Ring
        {
            private readonly object _gate = new();
            private string?[] _slots = new string?[8];

            public void Clear(int i) { lock (_gate) { _slots[i] = null; } }
            public void Fill(int i) { lock (_gate) { _slots[i] = "f"; } }
            public void Grow() { lock (_gate) { _slots = new string?[16]; } }
            {{member}}
        }
        """);

    /// <summary>An object of a nested type is disposed while its owner lives.</summary>
    [Theory]
    [InlineData("topic.Leave(1)", "private void Leave(int one) => [|_all.Remove(one)|];")]
    [InlineData("[|topic._all.Remove(1)|]", "")]
    [InlineData("topic.Leave(1)", "private void Leave(int one) { lock (_gate) { _all.Remove(one); } }")]
    public void DisposalOfANestedObject_IsNoTeardownOfItsOwner(string statement, string helper) => Verify(
        $$"""
        public class Topic : IDisposable
        {
            private readonly object _gate = new();
            private readonly List<int> _all = new();

            public IDisposable Join() { lock (_gate) { _all.Add(1); return new Member(this); } }
            public int Count() { lock (_gate) { return _all.Count; } }
            public void Dispose() => _all.Clear();
            {{helper}}

            private sealed class Member(Topic topic) : IDisposable
            {
                public void Dispose() => {{statement}};
            }
        }
        """);

    /// <summary>What is tested, and what is done with it behind the question mark, is one use.</summary>
    [Theory]
    [InlineData("public void M() => _rows?[|.Remove(1)|];")]
    [InlineData("public void M() { this._rows?[|.Clear()|]; }")]
    public void ChangeBehindAQuestionMark_IsOneUse(string member) => VerifyWith(member, message: "'_rows' is written without '_gate', under which it is used in 2 of 3 places");

    /// <summary>What a helper counts for its callers, by reference: by Interlocked alone, or not.</summary>
    [Theory]
    [InlineData("Interlocked.Add(ref size, by);", "_size")]
    [InlineData("long left = Interlocked.Add(ref size, by); if (left < 0) { Interlocked.Exchange(ref size, 0); }", "_size")]
    [InlineData("size += by;", "[|_size|]")]
    [InlineData("if (size > 0) { Interlocked.Add(ref size, by); }", "[|_size|]")]
    public void CountedByReference_IsAtomicOnlyByInterlocked(string body, string field) => Verify(
        $$"""
        public class Store
        {
            private readonly object _gate = new();
            private long _size;

            public void Put(int by) { lock (_gate) { Count(ref _size, by); } }
            public void Trim(int by) { lock (_gate) { Count(ref _size, -by); } }
            public void Clear() { lock (_gate) { Count(ref _size, -1); } }
            public void Shrink(int by) => Count(ref {{field}}, -by);
            private static void Count(ref long size, int by) { {{body}} }
        }
        """);

    /// <summary>Each type that is made of a generic one has static locks of its own.</summary>
    [Theory]
    [InlineData("lock (Gate) { Names.Add(name); }")]
    [InlineData("lock (Other) { [|Names.Add(name)|]; }")]
    [InlineData("[|Names.Add(name)|];")]
    public void StaticLockOfAGenericBase_IsTheOneItsBaseMeans(string body) => Verify(
        $$"""
        public abstract class Register<T>
        {
            protected static readonly object Gate = new();
            protected static readonly object Other = new();

            protected HashSet<string> Names { get; } = new();

            public void Clear() { lock (Gate) { Names.Clear(); } }
            public bool Has(string name) { lock (Gate) { return Names.Contains(name); } }
        }

        public class Guests : Register<int>
        {
            public void Enter(string name) { {{body}} }
        }
        """);

    /// <summary>No use of the field stands beside a lock: helpers take it for those who call them.</summary>
    [Theory]
    [InlineData("private readonly object _gate = new(); private void Enter() => Monitor.Enter(_gate); private void Exit() => Monitor.Exit(_gate);", "Enter(); try { {0} } finally { Exit(); }")]
    [InlineData("private readonly object _gate = new(); private void Locked(Action run) { lock (_gate) { run(); } }", "Locked(() => { {0} });")]
    [InlineData("private readonly object _gate = new(); private void Locked(Action run) => Inner(run, 1); private void Inner(Action run, int times) { lock (_gate) { run(); } }", "Locked(delegate { {0} });")]
    [InlineData("private readonly object _gate = new(); private T Locked<T>(Func<T> run) { lock (_gate) { return run(); } }", "Locked(() => { {0} return 0; });")]
    [InlineData("private readonly ReaderWriterLockSlim _access = new(); private Scope Write() => new(_access); private sealed class Scope : IDisposable { private readonly ReaderWriterLockSlim _kept; public Scope(ReaderWriterLockSlim kept) { _kept = kept; _kept.EnterWriteLock(); } public void Dispose() => _kept.ExitWriteLock(); }", "using (Write()) { {0} }")]
    [InlineData("private readonly Gate _gate = new(); private sealed class Gate { private readonly object _own = new(); public void Run(Action run) { lock (_own) { run(); } } }", "_gate.Run(() => { {0} });")]
    [InlineData("private readonly Gate _gate = new(); private sealed class Gate { private readonly object _own = new(); public void Enter() => Monitor.Enter(_own); public void Exit() => Monitor.Exit(_own); }", "_gate.Enter(); try { {0} } finally { _gate.Exit(); }")]
    public void FieldThatOnlyHelpersLock_IsGuarded(string helpers, string locked) => Verify(
        $$"""
        public class Tally
        {
            private int _sum;
            {{helpers}}

            public void Add(int n) { {{locked.Replace("{0}", "_sum += n;")}} }
            public void Drop(int n) { {{locked.Replace("{0}", "_sum -= n;")}} }
            public void Clear() { {{locked.Replace("{0}", "_sum = 0;")}} }
            public void Double() { {{locked.Replace("{0}", "_sum *= 2;")}} }
            public void Set(int n) => [|_sum|] = n;
        }
        """);

    [Fact]
    public void FieldThatAnAsynchronousGuardLocks_IsGuarded() => Verify(
        """
        public sealed class AsyncLock
        {
            private readonly SemaphoreSlim _one = new(1, 1);

            public async Task<IDisposable> LockAsync()
            {
                await _one.WaitAsync();
                return new Releaser(_one);
            }

            private sealed class Releaser : IDisposable
            {
                private readonly SemaphoreSlim _one;
                public Releaser(SemaphoreSlim one) => _one = one;
                public void Dispose() => _one.Release();
            }
        }

        public class Tally
        {
            private readonly AsyncLock _lock = new();
            private int _sum;

            public async Task Add(int n) { using (await _lock.LockAsync()) _sum += n; }
            public async Task Drop(int n) { using (await _lock.LockAsync()) { _sum -= n; } }
            public async Task Clear() { using IDisposable hold = await _lock.LockAsync(); _sum = 0; }
            public void Set(int n) => [|_sum|] = n;
        }
        """);

    /// <summary>Helpers that run a function without a lock, or later, guard nothing.</summary>
    [Theory]
    [InlineData("private void Run(Action run) { lock (_gate) { _runs++; } run(); }")]
    [InlineData("private void Run(Action run) { lock (_gate) { _runs++; Task.Run(run); } }")]
    [InlineData("private void Run(Action run) { lock (_gate) { _queue.Enqueue(run); } }")]
    public void FieldThatHelpersDoNotLock_IsFree(string run) => Verify(
        $$"""
        public class Tally
        {
            private readonly object _gate = new();
            private readonly Queue<Action> _queue = new();
            private int _runs;
            private int _sum;
            {{run}}

            public void Add(int n) => Run(() => _sum += n);
            public void Drop(int n) => Run(() => _sum -= n);
            public void Clear() => Run(() => _sum = 0);
            public void Set(int n) => _sum = n;
        }
        """);

    [Fact]
    public void LockThatAnOwnerHandsOut_IsOneUnderTwoNames() => Verify(
        """
        public sealed class Manager { private readonly object _sync = new(); public object SyncObj => _sync; }

        public class Part
        {
            protected Manager _manager;
            private int _uses;
            public Part(Manager manager) { _manager = manager; }
            protected object SyncObj => _manager.SyncObj;
            public void One() { lock (_manager.SyncObj) { _uses++; } }
            public void Two() { lock (SyncObj) { _uses++; } }
            public void Three() { lock (SyncObj) { _uses--; } }
            public void Four() { lock (SyncObj) { _uses = 0; } }
            public void Five() { [|_uses|] = 5; }
        }
        """);

    [Theory]
    [InlineData("bool Do(Func<bool> f) { lock (_p) { return f(); } }", true)]
    [InlineData("bool Do(Func<bool> f) => f?.Invoke() ?? false;", true)]
    [InlineData("bool Do(Func<bool> f) { ArgumentNullException.ThrowIfNull(f); return f(); }", true)]
    [InlineData("bool Do(Func<bool> f) { _kept = f; return f(); }", false)]
    [InlineData("bool Do(Func<bool> f) { Task.Run(() => f()); return true; }", false)]
    public void FunctionThatAnotherTypeOnlyInvokes_RunsWithWhatIsHeld(string method, bool isAtOnce) => Verify(
        $$"""
        public sealed class Other
        {
            private readonly object _p = new();
            private Func<bool>? _kept;
            internal {{method}}
        }

        public sealed class Table
        {
            private readonly object _gate = new();
            private readonly List<int> _all = new();
            public void Add(int one) { lock (_gate) { _all.Add(one); } }
            public void Clear() { lock (_gate) { _all.Clear(); } }
            public bool Has(int one) { lock (_gate) { return _all.Contains(one); } }
            public int Count { get { lock (_gate) { return _all.Count; } } }
            public void Held(Other other) { lock (_gate) { other.Do(() => {{(isAtOnce ? "_all.Remove(1)" : "[|_all.Remove(1)|]")}}); } }
            public void Free(Other other) => other.Do(() => [|_all.Remove(1)|]);
        }
        """);

    [Theory]
    [InlineData("lock (_gate) { _part = new Part(this); _part.Start(); }", true)]
    [InlineData("lock (_gate) { _part = new Part(new Owner()); _part.Start(); }", false)]
    [InlineData("_part = new Part(this); _part.Start();", false)]
    public void PartThatWasGivenItsOwner_KnowsTheLockOfThat(string make, bool isHeld) => Verify(
        $$"""
        public sealed class Owner
        {
            private readonly object _gate = new();
            private int _count;
            private Part? _part;
            public void Add() { lock (_gate) { _count++; } }
            public void Drop() { lock (_gate) { _count--; } }
            public void Clear() { lock (_gate) { _count = 0; } }
            public void Make() { {{make}} }

            private sealed class Part
            {
                private readonly Owner _owner;
                public Part(Owner owner) { _owner = owner; }
                public void Start() { {{(isHeld ? "_owner._count" : "[|_owner._count|]")}} += 2; }
            }
        }
        """);
}
