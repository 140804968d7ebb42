// LOCK3001: locks are acquired in one order everywhere.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class OrderHasNoCycleTests() : RuleTests("LOCK3001")
{
    private const string Name = "Pair";

    /// <summary>A type with two locks of which <paramref name="one"/> and <paramref name="other"/> are member declarations.</summary>
    private void VerifyIn(string one, string other, string? message = null, string kind = "class") => Verify(
        $$"""
        public {{kind}} {{Name}}
        {
            private readonly object _a;
            private readonly object _b;
            private readonly object _outer;
            private static readonly object s_outer = new();

            public {{Name}}(object a, object b, object outer) => (_a, _b, _outer) = (a, b, outer);

            {{one}}
            {{other}}
            public void TakeA()
            {
                lock (_a)
                {
                }
            }

            public void TakeB()
            {
                lock (_b)
                {
                }
            }
        }
        """,
        message);

    private const string AThenB = "public void One() { lock (_a) { lock ([|_b|]) { } } }";
    private const string SilentAThenB = "public void One() { lock (_a) { lock (_b) { } } }";

    /// <summary>Whoever waits under a lock for work that needs another one has the order of the two.</summary>
    [Theory]
    [InlineData("public void Two() { lock (_b) { [|{|LOCK4002:Task.Run(() => { lock (_a) { } }).Wait()|}|]; } }")]
    [InlineData("public void Two() { lock (_b) { [|{|LOCK4002:Task.Run(TakeA).Wait()|}|]; } }")]
    [InlineData("public void Two() { var thread = new Thread(TakeA); thread.Start(); lock (_b) { [|{|LOCK4002:thread.Join()|}|]; } }")]
    [InlineData("public void Two() { lock (_b) { [|Parallel.Invoke(TakeA, () => { })|]; } }")]
    [InlineData("public void Two() { lock (_b) { [|{|LOCK4002:Run()|}|]; } } private void Run() => Task.Run(TakeA).Wait();")]
    [InlineData("public void Two() { Task work = Start(); lock (_b) { [|{|LOCK4002:work.Wait()|}|]; } } private Task Start() => Task.Run(TakeA);")]
    public void WaitsForWorkThatNeedsTheOther_IsReported(string two) => VerifyIn(AThenB, two);

    [Theory]
    [InlineData("public void Two() { lock (_b) { _ = Task.Run(TakeA); } }")]
    [InlineData("public void Two() { Task work; lock (_b) { work = Task.Run(TakeA); } work.Wait(); }")]
    [InlineData("public void Two() { lock (_b) { {|LOCK4002:Task.Run(() => { if (Monitor.TryEnter(_a)) Monitor.Exit(_a); }).Wait()|}; } }")]
    [InlineData("public void Two() { lock (_b) { Task.Run(TakeA).Wait(0); } }")]
    [InlineData("public void Two() { lock (_a) { lock (_b) { {|LOCK4002:Task.Run(() => { lock (_outer) { } }).Wait()|}; } } }")]
    public void WaitsForNothingThatNeedsTheOther_IsSilent(string two) => VerifyIn(SilentAThenB, two);

    [Fact]
    public void WaitsUnderACommonLock_IsSilent() => VerifyIn(
        "public void One() { lock (_outer) { lock (_a) { lock (_b) { } } } }",
        "public void Two() { lock (_outer) { lock (_b) { {|LOCK4002:Task.Run(TakeA).Wait()|}; } } }");

    [Fact]
    public void MessageOfAWait_SaysWhoAcquires() => VerifyIn(
        "public void Two() { lock (_b) { [|{|LOCK4002:Task.Run(TakeA).Wait()|}|]; } }",
        AThenB,
        "'_a' is acquired by work that is waited for while holding '_b': possible deadlock, for 'Pair.One' acquires '_b' while holding '_a'");

    [Fact]
    public void MessageAgainstAWait_SaysWhoAcquires() => VerifyIn(
        AThenB,
        "public void Two() { lock (_b) { [|{|LOCK4002:Task.Run(TakeA).Wait()|}|]; } }",
        "'_b' is acquired while holding '_a': possible deadlock, for 'Pair.Two' acquires '_a' by work that is waited for while holding '_b'");

    [Theory]
    [InlineData("public void Two() { lock (_b) { lock ([|_a|]) { } } }")]
    [InlineData("public void Two() { lock (_b) { [|TakeA()|]; } }")]
    [InlineData("public void Two() => new Action(() => { lock (_b) { lock ([|_a|]) { } } })();")]
    [InlineData("public void Two() { lock (_b) { Inner(); } void Inner() { lock ([|_a|]) { } } }")]
    [InlineData("public void Two(List<int> all) { lock (_b) { all.ForEach(n => { lock ([|_a|]) { } }); } }")]
    [InlineData("public void Two() => Task.Run(() => { lock (_b) { lock ([|_a|]) { } } });")]
    [InlineData("public int Two { get { lock (_b) { lock ([|_a|]) { return 1; } } } }")]
    [InlineData("public int this[int i] { set { lock (_b) { lock ([|_a|]) { } } } }")]
    [InlineData("public event Action Two { add { lock (_b) { lock ([|_a|]) { } } } remove { } }")]
    [InlineData("public static Pair operator +(Pair left, int n) { lock (left._b) { lock ([|left._a|]) { return left; } } }")]
    [InlineData("public async Task Two() { await Task.Yield(); lock (_b) { lock ([|_a|]) { } } }")]
    [InlineData("public IEnumerable<int> Two() { lock (_b) { lock ([|_a|]) { } } yield return 1; }")]
    [InlineData("public void Two() { Monitor.Enter(_b); try { [|Monitor.Enter(_a)|]; Monitor.Exit(_a); } finally { Monitor.Exit(_b); } }")]
    [InlineData("public void Two(Pair other) { lock (other._b) { lock ([|other._a|]) { } } }")]
    [InlineData("public void Two(bool flag) { if (flag) Monitor.Enter(_b); lock ([|_a|]) { } if (flag) Monitor.Exit(_b); }")]
    [InlineData("public void Two() { try { } finally { lock (_b) { lock ([|_a|]) { } } } }")]
    [InlineData("public void Two() { try { TakeA(); } catch (Exception) { lock (_b) { lock ([|_a|]) { } } } }")]
    [InlineData("public void Two() { object b = _b, a = _a; lock (b) { lock ([|a|]) { } } }")]
    [InlineData("public void Two() { if (Monitor.TryEnter(_b)) { try { lock ([|_a|]) { } } finally { Monitor.Exit(_b); } } }")]
    [InlineData("public event Action E { add { lock (_a) { } } remove { } } public void Two() { lock (_b) { [|E += TakeB|]; } }")]
    [InlineData("public event Action E { add { } remove { lock (_a) { } } } public void Two(Pair other) { lock (_b) { [|other.E -= TakeB|]; } }")]
    [InlineData("[Requires(nameof(_b))] public void Two() { lock ([|_a|]) { } }")]
    [InlineData("[Requires(nameof(_b))] public void Two() => [|TakeA()|];")]
    public void BothOrders_AreReported(string other) => VerifyIn(AThenB, other);

    [Theory]
    [InlineData("public void Two() { lock (_b) { } lock (_a) { } }")]
    [InlineData("public void Two() { lock (_a) { lock (_b) { } } }")]
    [InlineData("public void Two() { lock (_b) { Task.Run(() => { lock (_a) { } }); } }")]
    [InlineData("public void Two() { lock (_b) { ThreadPool.QueueUserWorkItem(_ => TakeA()); } }")]
    [InlineData("public void Two() { lock (_b) { if (Monitor.TryEnter(_a)) Monitor.Exit(_a); } }")]
    [InlineData("public void Two() { lock (_b) { if (Monitor.TryEnter(_a, 100)) Monitor.Exit(_a); } }")]
    [InlineData("public void Two() { lock (_a) { lock (_b) { lock (_a) { } } } }")]
    [InlineData("public void Two() { lock (_a) { lock (_b) { TakeA(); } } }")]
    [InlineData("public void Two() { Monitor.Enter(_b); Monitor.Exit(_b); TakeA(); }")]
    [InlineData("public static void Two() { var own = new Pair(new(), new(), new()); lock (own._b) { lock (own._a) { } } }")]
    [InlineData("public Pair(int n) : this(new(), new(), new()) { lock (_b) { lock (_a) { } } }")]
    [InlineData("public Func<Task> Two() { lock (_b) { return () => Task.Run(TakeA); } }")]
    public void OneOrder_IsSilent(string other) => VerifyIn(SilentAThenB, other);

    /// <summary>Functions that an object keeps, run under the lock <c>_b</c>: each of them takes <c>_a</c>.</summary>
    [Theory]
    [InlineData("public event Action E; public void Subscribe() => E += TakeA; public void Two() { lock (_b) { E?[|.Invoke()|]; } }")]
    [InlineData("public event Action E; public void Subscribe() => E += TakeA; public void Two() { lock (_b) { var e = E; if (e != null) { [|e()|]; } } }")]
    [InlineData("public event Action E; public void Subscribe() => E += () => TakeA(); public void Two() { lock (_b) { [|E()|]; } }")]
    [InlineData("public event Action E; public void Subscribe() => E += () => { Console.Write(1); TakeA(); }; public void Two() { lock (_b) { [|E()|]; } }")]
    [InlineData("public event Action E; public void Subscribe() => E += TakeA; public void Two() { lock (_b) { [|Raise()|]; } } private void Raise() => E();")]
    [InlineData("public event Action E; public void Subscribe() => E += TakeA; public void Two() { lock (_b) { [|Run(E)|]; } } private static void Run(Action run) => run?.Invoke();")]
    [InlineData("public Action Told { get; set; } public void Assign(Pair other) => other.Told = TakeA; public void Two() { lock (_b) { [|Told()|]; } }")]
    [InlineData("private Action _told; public void Assign(Action told) => _told = told ?? throw new ArgumentNullException(); public void Give() => Assign(TakeA); public void Two() { lock (_b) { [|_told()|]; } }")]
    [InlineData("private readonly List<Action> _told = new(); public void Add() => _told.Add(TakeA); public void Two() { lock (_b) { foreach (Action told in _told) { [|told()|]; } } }")]
    [InlineData("private readonly Dictionary<int, Action> _told = new(); public void Add() => _told[1] = TakeA; public void Two() { lock (_b) { if (_told.TryGetValue(1, out var told)) { [|told()|]; } } }")]
    [InlineData("private readonly Queue<Action> _told = new(); public void Add(Action told) => _told.Enqueue(told); public void Give() => Add(TakeA); public void Two() { lock (_b) { [|_told.Dequeue()()|]; } }")]
    [InlineData("private static void Run(Action run) => run(); public void Two() { lock (_b) { [|Run(TakeA)|]; } }")]
    [InlineData("private void Run(Action run) { lock (_b) { run(); } } public void Two() => [|Run(TakeA)|];")]
    [InlineData("public bool IsGood(int n) { lock (_a) { return n > 0; } } public void Two(List<int> all) { lock (_b) { [|all.RemoveAll(IsGood)|]; } }")]
    [InlineData("public IEnumerable<int> Items() { TakeA(); yield return 1; } public void Two() { lock (_b) { foreach (int item in [|Items()|]) { } } }")]
    [InlineData("public IEnumerable<int> Items() { TakeA(); yield return 1; } public List<int> Two() { lock (_b) { return [|Items()|].Where(n => n > 0).ToList(); } }")]
    [InlineData("public IEnumerator<int> GetEnumerator() { TakeA(); yield return 1; } public void Two() { lock (_b) { foreach (int item in [|this|]) { } } }")]
    [InlineData("public override string ToString() { lock (_a) { return \"\"; } } public string Two() { lock (_b) { return $\"<{[|this|]}>\"; } }")]
    [InlineData("public override string ToString() { lock (_a) { return \"\"; } } public string Two(Pair other) { lock (_b) { return \"<\" + [|other|] + 1; } }")]
    public void FunctionThatIsKept_IsFollowed(string other) => VerifyIn(AThenB, other);

    [Fact]
    public void EventOfAnInterface_IsFollowedToWhoSubscribes() => Verify(
        """
        public interface IStock
        {
            event Action Changed;

            int Count();
        }

        public class Stock : IStock
        {
            private readonly object _rows = new();

            public event Action Changed;

            public void Add() { lock (_rows) { Changed?[|.Invoke()|]; } }

            public int Count() { lock (_rows) { return 1; } }
        }

        public class Shop
        {
            private readonly object _window = new();
            private readonly IStock _stock;

            public Shop(IStock stock)
            {
                _stock = stock;
                _stock.Changed += Show;
            }

            public void Open() { lock (_window) { [|_stock.Count()|]; } }

            private void Show() { lock (_window) { } }
        }
        """);

    [Theory]
    [InlineData("public event Action E; public void Subscribe() => E += TakeA; public void Two() { lock (_b) { } E?.Invoke(); }")]
    [InlineData("public event Action E; public void Subscribe() => E += TakeB; public void Two() { lock (_b) { E?.Invoke(); } }")]
    [InlineData("public event Action E; public void Subscribe() => E += () => Task.Run(TakeA); public void Two() { lock (_b) { E?.Invoke(); } }")]
    [InlineData("public event Action E; public void Subscribe() => E += Later; private async void Later() { await Task.Yield(); TakeA(); } public void Two() { lock (_b) { E?.Invoke(); } }")]
    [InlineData("public event Action E; public void Unsubscribe() => E -= TakeA; public void Two() { lock (_b) { E?.Invoke(); } }")]
    [InlineData("private Action _told; public void Assign() => _told = TakeA; public void Two() { lock (_b) { _told = null; } }")]
    [InlineData("private static void Keep(Action run) => Task.Run(run); public void Two() { lock (_b) { Keep(TakeA); } }")]
    [InlineData("public IEnumerable<int> Items() { TakeA(); yield return 1; } public IEnumerable<int> Two() { lock (_b) { return Items(); } }")]
    [InlineData("public IEnumerable<int> Items() { TakeA(); yield return 1; } public IEnumerable<int> Two() { IEnumerable<int> items; lock (_b) { items = Items(); } return items; }")]
    public void FunctionThatRunsWithoutTheLock_IsSilent(string other) => VerifyIn(SilentAThenB, other);

    [Fact]
    public void ElementsOfAnArray_AreOneClass() => Verify(
        """
        public class Striped
        {
            private readonly object _all = new();
            private readonly object[] _stripes = { new(), new() };

            public void One(int i) { lock (_stripes[i]) { lock ([|_all|]) { } } }
            public void All() { lock (_all) { lock ([|_stripes[0]|]) { } } }
        }
        """);

    [Fact]
    public void CommonOuterLock_IsSilent() => VerifyIn(
        "public void One() { lock (_outer) { lock (_a) { lock (_b) { } } } }",
        "public void Two() { lock (_outer) { lock (_b) { lock (_a) { } } } }");

    [Fact]
    public void CommonStaticOuterLock_IsSilent() => VerifyIn(
        "public void One() { lock (s_outer) { lock (_a) { lock (_b) { } } } }",
        "public void Two() { lock (s_outer) { lock (_b) { lock (_a) { } } } }");

    [Fact]
    public void OuterLockOnOneSide_IsReported() => VerifyIn(
        "public void One() { lock (_outer) { lock (_a) { lock ([|_b|]) { } } } }",
        "public void Two() { lock (_b) { lock ([|_a|]) { } } }");

    [Fact]
    public void TwoOuterLocks_AreReported() => VerifyIn(
        "public void One() { lock (s_outer) { lock (_a) { lock ([|_b|]) { } } } }",
        "public void Two() { lock (_outer) { lock (_b) { lock ([|_a|]) { } } } }");

    [Fact]
    public void StructWithLocksOfOthers_IsReported() => VerifyIn(AThenB, "public void Two() { lock (_b) { lock ([|_a|]) { } } }", kind: "struct");

    [Fact]
    public void RecordWithLocks_IsReported() => VerifyIn(AThenB, "public void Two() { lock (_b) { lock ([|_a|]) { } } }", kind: "record");

    [Fact]
    public void Message_SaysBothWays() => VerifyIn(
        AThenB,
        "public void Two() { lock (_b) { [|TakeA()|]; } }",
        "'_b' is acquired while holding '_a': possible deadlock, for 'Pair.Two' acquires '_a' in 'TakeA' while holding '_b'");

    [Fact]
    public void AdditionalLocations_AreTheAcquiresAndCallsOfTheWholeCycle() => Verify(
        """
        public class Pair
        {
            private readonly object _a = new();
            private readonly object _b = new();

            public void One()
            {
                lock ({|#0:_a|})
                {
                    lock ([|_b|])
                    {
                    }
                }
            }

            public void Two()
            {
                lock ({|#1:_b|})
                {
                    {|#2:{|LOCK3001:First()|}|};
                }
            }

            private void First() => {|#3:Second()|};

            private void Second()
            {
                lock ({|#4:_a|})
                {
                }
            }
        }
        """);

    [Fact]
    public void ThreeLocks_AreReportedAtEveryEdge() => Verify(
        """
        public class Ring
        {
            private readonly object _a = new();
            private readonly object _b = new();
            private readonly object _c = new();

            public void One() { lock ({|#0:_a|}) { lock ([|_b|]) { } } }
            public void Two() { lock ({|#1:_b|}) { lock ({|#2:[|_c|]|}) { } } }
            public void Three() { lock ({|#3:_c|}) { lock ({|#4:[|_a|]|}) { } } }
        }
        """,
        "'_b' is acquired while holding '_a': possible deadlock, for 'Ring.Two' acquires '_c' while holding '_b', and 'Ring.Three' acquires '_a' while holding '_c'");

    [Fact]
    public void GenericType_IsOneClass() => Verify(
        """
        public class Box<T>
        {
            private readonly object _a = new();
            private readonly object _b = new();

            public void One() { lock (_a) { lock ([|_b|]) { } } }
            public void Two(Box<int> other) { lock (other._b) { lock ([|other._a|]) { } } }
        }
        """);

    [Fact]
    public void BaseAndDerived_AreReported() => Verify(
        """
        internal class Parent
        {
            protected readonly object A = new();
            protected readonly object B = new();

            public void One() { lock (A) { lock ([|B|]) { } } }
        }

        internal sealed class Child : Parent
        {
            public void Two() { lock (B) { lock ([|A|]) { } } }
        }
        """);

    [Fact]
    public void UsingDeclarations_AreReported() => Verify(
        """
        public class Pair
        {
            private readonly Gate _a = new();
            private readonly Gate _b = new();

            public void One()
            {
                using var a = new Scope(_a);
                using var b = [|new Scope(_b)|];
            }

            public void Two()
            {
                using (new Scope(_b))
                using ([|new Scope(_a)|])
                {
                }
            }
        }
        """);

    [Fact]
    public void AwaitedSemaphores_AreReported() => Verify(
        """
        public class Pair
        {
            private readonly SemaphoreSlim _a = new(1, 1);
            private readonly SemaphoreSlim _b = new(1, 1);

            public async Task One()
            {
                await _a.WaitAsync();
                try
                {
                    await [|_b.WaitAsync()|];
                    _b.Release();
                }
                finally
                {
                    _a.Release();
                }
            }

            public async Task Two()
            {
                await _b.WaitAsync().ConfigureAwait(false);
                try
                {
                    await [|TakeA()|];
                }
                finally
                {
                    _b.Release();
                }
            }

            private async Task TakeA()
            {
                await _a.WaitAsync();
                _a.Release();
            }
        }
        """);

    [Fact]
    public void SemaphoreThatLetsSeveralIn_IsNoLock() => Verify(
        """
        public class Pair
        {
            private readonly SemaphoreSlim _a = new(4);
            private readonly object _b = new();

            public void One()
            {
                _a.Wait();
                lock (_b)
                {
                }

                _a.Release();
            }

            public void Two()
            {
                lock (_b)
                {
                    _a.Wait();
                    _a.Release();
                }
            }
        }
        """);

    [Fact]
    public void InterfaceWithKnownImplementations_IsFollowed() => Verify(
        """
        public interface ISink
        {
            void Write();
        }

        public sealed class Hub
        {
            private readonly object _list = new();
            private readonly List<ISink> _sinks = new();

            public void Publish()
            {
                lock (_list)
                {
                    foreach (ISink sink in _sinks)
                    {
                        [|sink.Write()|];
                    }
                }
            }

            public void Count()
            {
                lock (_list)
                {
                }
            }
        }

        public sealed class Quiet : ISink
        {
            public void Write()
            {
            }
        }

        public sealed class Loud(Hub hub) : ISink
        {
            private readonly object _inbox = new();

            public void Write()
            {
                lock (_inbox)
                {
                }
            }

            public void Flush()
            {
                lock (_inbox)
                {
                    [|hub.Count()|];
                }
            }
        }
        """);

    [Fact]
    public void VirtualMethod_IsFollowedToItsOverride() => Verify(
        """
        public abstract class Step
        {
            private readonly object _state = new();

            public void Run()
            {
                lock (_state)
                {
                    [|OnRun()|];
                }
            }

            public void Cancel()
            {
                lock (_state)
                {
                }
            }

            protected abstract void OnRun();
        }

        public sealed class Logging : Step
        {
            private readonly object _log = new();

            protected override void OnRun()
            {
                lock (_log)
                {
                }
            }

            public void Stop()
            {
                lock (_log)
                {
                    [|Cancel()|];
                }
            }
        }
        """);

    [Fact]
    public void DelegateThatAHelperInvokesUnderItsLock_IsFollowed() => Verify(
        """
        public class Pair
        {
            private readonly object _a = new();
            private readonly object _b = new();

            public void One() => With(() => { lock ([|_b|]) { } });

            public void Two()
            {
                lock (_b)
                {
                    lock ([|_a|])
                    {
                    }
                }
            }

            private void With(Action action)
            {
                lock (_a)
                {
                    action();
                }
            }
        }
        """);

    [Fact]
    public void AcrossTypes_IsReported() => Verify(
        """
        public sealed class Cache(Store store)
        {
            private readonly object _entries = new();

            public void Load()
            {
                lock (_entries)
                {
                    [|store.Read()|];
                }
            }

            public void Evict()
            {
                lock (_entries)
                {
                }
            }
        }

        public sealed class Store
        {
            private readonly object _pages = new();

            public Cache? Cache { get; set; }

            public void Read()
            {
                lock (_pages)
                {
                }
            }

            public void Shrink()
            {
                lock (_pages)
                {
                    Cache?[|.Evict()|];
                }
            }
        }
        """);

    [Fact]
    public void DeclaredClass_IsOneLockWhereverItStands() => Verify(
        """
        public sealed class Index
        {
            [LockClass("tests.tree")]
            private readonly object _tree = new();
            private readonly object _log = new();

            public void One() { lock (_tree) { lock ([|_log|]) { } } }
            public void Two(Leaf leaf) { lock (_log) { [|leaf.Touch()|]; } }
        }

        public sealed class Leaf
        {
            [LockClass("tests.tree")]
            private readonly object _gate = new();

            public void Touch() { lock (_gate) { } }
        }
        """);

    [Fact]
    public void AcquiresInside_CountsLikeTheAcquire() => Verify(
        """
        public interface IJournal
        {
            [AcquiresInside("class:tests.journal")]
            void Append();
        }

        public sealed class Ledger
        {
            private readonly object _entries = new();

            public void Write(IJournal journal) { lock (_entries) { [|journal.Append()|]; } }
            public void Refresh() { lock (_entries) { } }
        }

        public sealed class JournalFile
        {
            [LockClass("tests.journal")]
            private readonly object _file = new();

            public void Roll(Ledger ledger) { lock (_file) { [|ledger.Refresh()|]; } }
        }
        """);

    [Fact]
    public void ReferencesAndCompletedTasks_AreNoCommonOuterLock() => Verify(
        """
        public class Pair
        {
            private readonly object _a = new();
            private readonly object _b = new();

            public async Task One(Mm mm, Task done)
            {
                await done;
                mm.Get();
                lock (_a)
                {
                    lock ([|_b|])
                    {
                    }
                }

                mm.Put();
            }

            public async Task Two(Mm mm, Task done)
            {
                await done;
                mm.Get();
                lock (_b)
                {
                    lock ([|_a|])
                    {
                    }
                }

                mm.Put();
            }
        }
        """);

    [Fact]
    public void SameThreadRole_IsSilent() => Verify(
        """
        public class Window
        {
            [Capability("ui", Kind = CapabilityKind.Role)]
            public static readonly object Ui = new();

            private readonly object _a = new();
            private readonly object _b = new();

            [Requires(nameof(Ui))]
            public void One() { lock (_a) { lock (_b) { } } }

            [Requires(nameof(Ui))]
            public void Two() { lock (_b) { lock (_a) { } } }
        }
        """);

    [Fact]
    public void EdgeAgainstADeclaredOrder_IsLOCK3002Only() => Verify(
        """
        public class Pair
        {
            [AcquiredBefore(nameof(_b))]
            private readonly object _a = new();
            private readonly object _b = new();

            public void One() { lock (_a) { lock (_b) { } } }
            public void Two() { lock (_b) { lock ({|LOCK3002:_a|}) { } } }
        }
        """);

    [Fact]
    public void TopLevelStatements_AreReported() => Verify(
        """
        object a = new(), b = new();
        Task.Run(() => { lock (Locks.A) { lock ([|Locks.B|]) { } } });
        lock (Locks.B)
        {
            lock ([|Locks.A|])
            {
            }
        }

        internal static class Locks
        {
            public static readonly object A = new();
            public static readonly object B = new();
        }
        """);

    [Fact]
    public void Miss_LocalsCapturedByALambda_AreSilent() => Verify(
        """
        object a = new(), b = new();
        Task.Run(() => { lock (a) { lock (b) { } } });
        lock (b)
        {
            lock (a)
            {
            }
        }
        """);

    [Fact]
    public void LocksOfOneTypeThatIsALock_AreToldApartByTheirFields() => Verify(
        """
        internal class Gate
        {
            private readonly object _lock = new();

            public void Enter() => Monitor.Enter(_lock);

            public void Exit() => Monitor.Exit(_lock);
        }

        internal class Right
        {
            private readonly Gate _one = new();
            private readonly Gate _two = new();
            private readonly object _between = new();

            public void M() { _one.Enter(); lock (_between) { } _one.Exit(); }

            public void N() { lock (_between) { _two.Enter(); _two.Exit(); } }
        }

        internal class Wrong
        {
            private readonly Gate _one = new();
            private readonly Gate _two = new();

            public void M() { _one.Enter(); [|Inner()|]; _one.Exit(); }

            public void N() { _two.Enter(); [|_one.Enter()|]; _one.Exit(); _two.Exit(); }

            private void Inner() { _two.Enter(); _two.Exit(); }
        }
        """);

    [Fact]
    public void ObjectThatIsLockedItself_IsOneClassByEveryName() => Verify(
        """
        internal class Writer
        {
            private readonly object _full = new();
            private readonly Deleter _deleter;
            private int _count;

            public Writer() => _deleter = new Deleter(this);

            public void Touch() { lock (this) { _count++; } }

            public void Flush()
            {
                lock (this)
                {
                    _deleter.Check();
                }

                lock (_full)
                {
                    lock (this)
                    {
                        _deleter.Check();
                    }
                }
            }
        }

        internal class Deleter(Writer writer)
        {
            public void Check() => writer.Touch();
        }
        """);

    [Fact]
    public void LockOfAnObjectThatACalleeMakes_IsSilent() => Verify(
        """
        public class Connection
        {
            private readonly object _cleanup = new();
            private readonly object _cancel = new();
            private int _count;

            public void Break() { lock (_cleanup) { lock (_cancel) { _count++; } } }

            public void Cancel() { lock (_cancel) { Send(); } }

            private void Send() => new Connection().Clean();

            private void Clean() { lock (_cleanup) { _count--; } }
        }
        """);

    private const string WriterAndBuffer =
        """
        internal class Writer
        {
            private readonly object _gate = new();
            private readonly Buffer _buffer;
            private int _count;

            public Writer() => _buffer = new Buffer(this);

            public void Touch() { lock (_gate) { _count++; } }

            public void Flush(Part part)
            {
                lock (_gate)
                {
                    WORK
                }
            }
        }

        internal class Buffer(Writer writer)
        {
            public readonly object Full = new();
            private int _size;

            public virtual void Apply(bool isLast)
            {
                lock (Full)
                {
                    _size++;
                    if (isLast)
                    {
                        LAST
                    }
                }
            }

            public void Touch() => writer.Touch();
        }

        internal class Part(Buffer buffer)
        {
            CALL
        }
        """;

    private void VerifyBuffer(string work, string last, string call = "public void Close(Buffer other) => other.Touch();") =>
        Verify(WriterAndBuffer.Replace("WORK", work).Replace("LAST", last).Replace("CALL", call));

    [Theory]
    [InlineData("lock (_buffer.Full) { _buffer.Touch(); }", "_size = 0;")]
    [InlineData("_buffer.Apply(true);", "writer.Touch();")]
    [InlineData("_buffer.Apply(true); part.Close(_buffer);", "writer.Touch();", "public void Close(Buffer other) => other.Apply(false);")]
    public void LockThatIsHeldAlready_IsAcquiredUnderNothing(string work, string last, string call = "public void Close(Buffer other) => other.Touch();") =>
        VerifyBuffer(work, last, call);

    [Fact]
    public void LockThatSomeCallersHold_IsReported() =>
        VerifyBuffer("[|_buffer.Apply(true)|];", "[|writer.Touch()|];", "public void Close() => buffer.Apply(true);");

    [Fact]
    public void AnswerThatDecidesNothing_IsNoHold() => VerifyIn(
        "public void One() { lock (_a) { lock (_b) { } } }",
        "public void Two() { Show(Monitor.IsEntered(_b)); lock (_b) { } TakeA(); } private static void Show(bool answer) => Console.Write(answer);");

    [Fact]
    public void AnswerThatDecides_IsAHold() => VerifyIn(
        AThenB,
        "public void Two() { if (!Monitor.IsEntered(_b)) throw new InvalidOperationException(); [|TakeA()|]; }");

    [Theory]
    [InlineData("Action take = TakeB; lock (_a) { [|take()|]; }", true)]
    [InlineData("Action take = this.TakeB; lock (_a) { [|take.Invoke()|]; }", true)]
    [InlineData("Action take = TakeB; take = Console.WriteLine; lock (_a) { take(); }", false)]
    [InlineData("Action take = Console.WriteLine; lock (_a) { take(); }", false)]
    [InlineData("Action take = TakeB; take(); lock (_a) { }", false)]
    public void MethodKeptInALocal_RunsWhereThatIsInvoked(string body, bool isTold) => VerifyIn(
        "public void One() { " + body + " }",
        "public void Two() { lock (_b) { lock (" + (isTold ? "[|_a|]" : "_a") + ") { } } }");

    [Theory]
    [InlineData("_one.SyncRoot", "_two.SyncRoot", false)]
    [InlineData("_one.SyncRoot", "((System.Collections.ICollection)_two).SyncRoot", false)]
    [InlineData("_one.SyncRoot", "_one.SyncRoot", true)]
    [InlineData("_one.SyncRoot", "((System.Collections.ICollection)_one).SyncRoot", true)]
    public void ObjectThatACollectionHandsOut_IsOfTheFieldThatHasTheCollection(string outer, string inner, bool isCycle)
    {
        (string open, string close) = isCycle ? ("[|", "|]") : ("", "");
        Verify(
            $$"""
            public class Table
            {
                private readonly System.Collections.Hashtable _one = new();
                private readonly System.Collections.ArrayList _two = new();
                private readonly object _gate = new();

                public void M() { lock ({{outer}}) { lock ({{open}}_gate{{close}}) { } } }

                public void N() { lock (_gate) { lock ({{open}}{{inner}}{{close}}) { } } }
            }
            """);
    }

    [Theory]
    [InlineData("_gate", false)]
    [InlineData("new object()", true)]
    [InlineData("_other", true)]
    public void LockThatAPartGetsFromItsOwner_MayBeTheSame(string given, bool isCycle)
    {
        (string open, string close) = isCycle ? ("[|", "|]") : ("", "");
        Verify(
            $$"""
            public class Owner
            {
                private readonly object _gate = new();
                private readonly object _other = new();
                private Part? _part;

                public void Make() { lock (_gate) { _part = new Part(this, {{given}}); } }

                public void Use(Part part) { lock (_gate) { {{open}}part.Count(){{close}}; } }

                public void Count() { lock (_gate) { } }
            }

            public class Part
            {
                private readonly Owner _owner;
                private readonly object _gate;

                public Part(Owner owner, object gate) => (_owner, _gate) = (owner, gate);

                public void Count() { lock (_gate) { } }

                public void Add() { lock (_gate) { {{open}}_owner.Count(){{close}}; } }
            }
            """);
    }

    [Fact]
    public void ObjectsOfTwoTypesThatAreLockedAsTheyAre_AreReported() => Verify(
        """
        internal class Shop
        {
            public void Sell(Buyer buyer) { lock (this) { lock ([|buyer|]) { } } }
        }

        internal class Buyer
        {
            public void Buy(Shop shop) { lock (this) { lock ([|shop|]) { } } }
        }
        """);

    [Fact]
    public void ObjectsThatAHelperLocksForItsCaller_AreOfTheCallersClass() => Verify(
        """
        internal class Shop
        {
            private readonly object _gate = new();
            private readonly Till _till = new();

            public void Sell() { lock (_gate) { [|Lock(_till)|]; } }
            public void Close() { lock (_till) { lock ([|_gate|]) { } } }
            private static void Lock(Till till) { lock (till) { } }
        }

        internal class Till;
        """);

    [Theory]
    [InlineData("Next.Notify();", "Next.Notify();")]
    [InlineData("lock ([|Other|]) { }", "[|Next.Notify()|];")]
    public void CircleOfGuesses_IsNone(string one, string other) => Verify(
        $$"""
        public abstract class Observer
        {
            public Observer Next { get; set; } = null!;

            public abstract void Notify();
        }

        public class Counting : Observer
        {
            private static readonly object s_counting = new();
            internal static readonly object Other = new();

            public override void Notify() { lock (s_counting) { {{one}} } }
        }

        public class Summing : Observer
        {
            public override void Notify() { lock (Counting.Other) { {{other}} } }
        }
        """);

    /// <summary>An object is locked by its type as it is, and by another through a field: it is one object.</summary>
    [Theory]
    [InlineData("lock ([|_part|]) { }", "[|_owner.Count()|];")]
    [InlineData("[|_part.Count()|];", "[|_owner.Count()|];")]
    [InlineData("lock ([|_part|]) { }", "lock ([|_owner.Gate|]) { }")]
    [InlineData("lock (_part) { }", "")]
    [InlineData("", "_owner.Count();")]
    public void ObjectThatIsLockedThroughAField_IsThatObject(string owners, string parts) => Verify(
        $$"""
        internal class Owner
        {
            public readonly object Gate = new();
            private readonly Part _part;

            public Owner() => _part = new Part(this);

            public void Count() { lock (Gate) { } }

            public void M() { lock (Gate) { {{owners}} } }
        }

        internal class Part
        {
            private readonly Owner _owner;

            public Part(Owner owner) => _owner = owner;

            public void Count() { lock (this) { } }

            public void M() { lock (this) { {{parts}} } }
        }
        """);

    /// <summary>Two fields of one type lead perhaps to one object, whoever has them.</summary>
    [Fact]
    public void FieldsOfOneType_AreNoCircle() => Verify(
        """
        internal class Session
        {
            public void Check() { lock (this) { } }
        }

        internal class Database
        {
            private readonly Session _session;
            private readonly object _gate = new();

            public Database(Session session) => _session = session;

            public void Check() { lock (_session) { } }

            public void M() { lock (_gate) { _session.Check(); } }
        }

        internal class Table
        {
            private readonly Session _session;
            private readonly Database _database;

            public Table(Session session, Database database) => (_session, _database) = (session, database);

            public void Check() { lock (_session) { } }

            public void M() { lock (_session) { _database.Check(); } }
        }

        internal class Cursor
        {
            private readonly Session _session;
            private readonly Table _table;

            public Cursor(Session session, Table table) => (_session, _table) = (session, table);

            public void M() { lock (_session) { _table.Check(); } }
        }
        """);

    [Theory]
    [InlineData("_state")]
    [InlineData("Sync")]
    public void LockThatAnOverrideHandsOut_IsOfTheClassOfTheBase(string inner) => Verify(
        $$"""
        public abstract class Step
        {
            protected abstract object Sync { get; }

            public void Run() { lock (Sync) { [|OnRun()|]; } }

            protected abstract void OnRun();
        }

        public sealed class LoggingStep : Step
        {
            private readonly object _state = new();
            private readonly object _log = new();

            protected override object Sync => _state;

            protected override void OnRun() { lock (_log) { } }

            public void Flush() { lock (_log) { lock ([|{{inner}}|]) { } } }
        }
        """);

    [Fact]
    public void DeconstructThatLocks_IsACall() => Verify(
        """
        public sealed class Pair
        {
            private readonly object _one = new();
            private readonly object _two = new();

            public void Deconstruct(out int x, out int y)
            {
                lock (_two)
                {
                    x = y = 1;
                }
            }

            public void Forward()
            {
                lock (_one)
                {
                    [|var (x, y) = this|];
                }
            }

            public void Back()
            {
                lock (_two)
                {
                    lock ([|_one|])
                    {
                    }
                }
            }
        }
        """);

    [Theory]
    [InlineData("Module", false)]
    [InlineData("Domain", true)]
    public void LockOfABaseClass_IsOneForEachHeir(string listed, bool isCircle) => Verify(
        $$"""
        public abstract class Element
        {
            private readonly object _gate = new();
            private int _changes, _version;
            public void Change(Action change) { lock (_gate) { _changes++; change(); } }
            protected int Get() { lock (_gate) { return _version; } }
        }

        public sealed class Module : Element { public int Version => Get(); }

        public sealed class Domain : Element
        {
            private readonly object _listing = new();
            private readonly List<{{listed}}> _all = new();
            public int Version => Get();
            public int First { get { lock (_listing) { return {{(isCircle ? "[|_all[0].Version|]" : "_all[0].Version")}}; } } }
            public void Load({{listed}} one) => Change(() => { {{(isCircle ? "[|Add(one)|]" : "Add(one)")}}; });
            private void Add({{listed}} one) { lock (_listing) { _all.Add(one); } }
        }
        """);
}
