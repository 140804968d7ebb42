// LOCK3002: locks are acquired in the declared order.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class DeclaredOrderIsKeptTests() : RuleTests("LOCK3002")
{
    /// <summary>A before B by the first, B before C by the last.</summary>
    private void VerifyIn(string member, string? message = null) => Verify(
        $$"""
        public class Chain
        {
            [AcquiredBefore(nameof(_b))]
            private readonly object _a = new();
            private readonly object _b = new();
            [AcquiredAfter(nameof(_b))]
            private readonly object _c = new();

            {{member}}
            private void TakeA() { lock (_a) { } }
        }
        """,
        message);

    [Theory]
    [InlineData("public void M() { lock (_b) { lock ([|_a|]) { } } }")]
    [InlineData("public void M() { lock (_c) { lock ([|_b|]) { } } }")]
    [InlineData("public void M() { lock (_c) { lock ([|_a|]) { } } }")]
    [InlineData("public void M() { lock (_c) { lock ([|_b|])\n { lock ([|_a|]) { } } } }")]
    [InlineData("public void M() { lock (_b) { [|TakeA()|]; } }")]
    [InlineData("public void M(Chain other) { lock (_b) { lock ([|other._a|]) { } } }")]
    [InlineData("public void M(Chain other) { lock (_b) { [|other.TakeA()|]; } }")]
    [InlineData("public void M(List<int> all) { lock (_c) { all.ForEach(n => { lock ([|_b|]) { } }); } }")]
    [InlineData("public void M() { lock (_c) { Inner(); } void Inner() { lock ([|_b|]) { } } }")]
    [InlineData("public Action M() => () => { lock (_c) { lock ([|_b|]) { } } };")]
    [InlineData("[Requires(nameof(_b))] public void M() { lock ([|_a|]) { } }")]
    [InlineData("public async Task M() { await Task.Yield(); lock (_c) { lock ([|_b|]) { } } }")]
    [InlineData("public IEnumerable<int> M() { lock (_c) { lock ([|_b|]) { } } yield return 1; }")]
    [InlineData("public int M { get { lock (_c) { lock ([|_b|]) { return 1; } } } }")]
    [InlineData("public static Chain operator !(Chain c) { lock (c._c) { lock ([|c._b|]) { return c; } } }")]
    [InlineData("~Chain() { lock (_c) { lock ([|_b|]) { } } }")]
    [InlineData("public void M(bool flag) { if (flag) Monitor.Enter(_c); lock ([|_b|]) { } if (flag) Monitor.Exit(_c); }")]
    [InlineData("public void M() { Monitor.Enter(_c); try { } finally { [|Monitor.Enter(_b)|]; Monitor.Exit(_b); Monitor.Exit(_c); } }")]
    [InlineData("public void M() { if (Monitor.TryEnter(_c)) { lock ([|_b|]) { } Monitor.Exit(_c); } }")]
    public void AgainstTheOrder_IsReported(string member) => VerifyIn(member);

    [Theory]
    [InlineData("public void M() { lock (_a) { lock (_b) { lock (_c) { } } } }")]
    [InlineData("public void M() { lock (_a) { lock (_c) { } } }")]
    [InlineData("public void M() { lock (_c) { } lock (_a) { } }")]
    [InlineData("public void M() { lock (_c) { } TakeA(); }")]
    [InlineData("public void M() { lock (_a) { lock (_b) { lock (_a) { } } } }")]
    [InlineData("public void M() { lock (_a) { lock (_b) { TakeA(); } } }")]
    [InlineData("public void M() { lock (_c) { if (Monitor.TryEnter(_b)) Monitor.Exit(_b); } }")]
    [InlineData("public void M() { lock (_c) { Task.Run(() => { lock (_b) { } }); } }")]
    [InlineData("public void M() { lock (_c) { Task.Run(TakeA); } }")]
    [InlineData("[Requires(nameof(_c), nameof(_a))] public void M() { }")]
    [InlineData("public Chain() { lock (_c) { lock (_b) { } } }")]
    [InlineData("public static void M() { var own = new Chain(); lock (own._c) { lock (own._b) { } } }")]
    public void InOrder_IsSilent(string member) => VerifyIn(member);

    [Fact]
    public void Message_NamesBoth() => VerifyIn(
        "public void M(Chain other) { lock (_b) { [|other.TakeA()|]; } }",
        "'other._a' is acquired in 'TakeA' while holding '_b', and the declared order has 'other._a' first");

    [Fact]
    public void AdditionalLocations_AreTheOuterAcquireAndTheCalls() => Verify(
        """
        public class Chain
        {
            [AcquiredBefore(nameof(_b))]
            private readonly object _a = new();
            private readonly object _b = new();

            public void M() { lock ({|#0:_b|}) { [|One()|]; } }
            private void One() => {|#1:Two()|};
            private void Two() { lock ({|#2:_a|}) { } }
        }
        """);

    [Fact]
    public void ClassNames_OrderTheWholeAssembly() => Verify(
        """
        [assembly: LockOrder("tests.map", "tests.tree", "tests.leaf")]

        public class Map
        {
            [LockClass("tests.map")]
            internal readonly SemaphoreSlim Gate = new(1, 1);
        }

        public class Leaf
        {
            [LockClass("tests.leaf")]
            private readonly Lock _gate = new();

            public async Task Awaited(Map map)
            {
                await map.Gate.WaitAsync();
                lock (_gate)
                {
                }

                map.Gate.Release();
            }

            public void Reversed(Map map)
            {
                using (_gate.EnterScope())
                {
                    [|map.Gate.Wait()|];
                    map.Gate.Release();
                }
            }

            public void Called(IRoot root)
            {
                lock (_gate)
                {
                    [|root.Load()|];
                }
            }
        }

        public interface IRoot
        {
            [AcquiresInside("class:tests.tree")]
            void Load();
        }
        """);

    [Fact]
    public void GenericAndNestedTypes_KeepTheOrderOfTheirDefinition() => Verify(
        """
        public class Box<T>
        {
            [AcquiredBefore(nameof(_items))]
            private readonly object _gate = new();
            private readonly object _items = new();

            public class Enumerator(Box<T> box)
            {
                public void Reset() { lock (box._items) { lock ([|box._gate|]) { } } }
            }

            public void Copy(Box<string> other) { lock (other._items) { lock ([|other._gate|]) { } } }
        }
        """);

    [Fact]
    public void RwLock_IsOrderedInBothModes() => Verify(
        """
        public class Table
        {
            [AcquiredBefore(nameof(_rows))]
            private readonly RwGate _table = new();
            private readonly RwGate _rows = new();

            public void Read()
            {
                _rows.EnterRead();
                [|_table.EnterRead()|];
                _table.ExitRead();
                _rows.ExitRead();
            }

            public void Write()
            {
                _table.EnterWrite();
                _rows.EnterWrite();
                _rows.ExitWrite();
                _table.ExitWrite();
            }
        }
        """);

    [Fact]
    public void ContractFile_DeclaresWhatACalleeAcquires() => Verify(
        """
        [assembly: LockOrder("tests.outer", "tests.inner")]

        public class Store
        {
            [LockClass("tests.inner")]
            private readonly object _gate = new();

            public void Save() { lock (_gate) { [|Console.Beep()|]; } }
        }
        """,
        contracts: """M:System.Console.Beep : AcquiresInside("class:tests.outer")""");

    /// <summary>What a method promises to acquire inside goes with it where a local takes it as a delegate.</summary>
    [Theory]
    [InlineData("lock (_low) { Action up = Up; [|up()|]; }")]
    [InlineData("lock (_low) { [|Up()|]; }")]
    [InlineData("Action up = Up; lock (_low) { } up();")]
    public void MethodInALocal_KeepsItsPromise(string body) => Verify(
        $$"""
        public abstract class Table
        {
            [AcquiredBefore(nameof(_low))] private readonly object _high = new();
            private readonly object _low = new();

            [AcquiresInside(nameof(_high))] protected abstract void Up();

            public void Run() { {{body}} }
        }
        """);
}
