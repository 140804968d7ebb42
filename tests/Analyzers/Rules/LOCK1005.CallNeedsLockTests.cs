// LOCK1005: a call needs what the callee requires.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class CallNeedsLockTests() : RuleTests("LOCK1005")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Table
        {
            public readonly Gate Gate = new();
            public readonly RwGate Rw = new();

            [Requires(nameof(Gate))]
            public Table() { }

            public Table(int size) { }

            [Requires(nameof(Gate))]
            public int Add(int row) => row;

            [RequiresShared(nameof(Rw))]
            public int Look() => 1;

            [Requires(nameof(Rw))]
            public void Change() { }

            [Requires("other.Gate")]
            public static void Join(Table other) { }

            public int Size { [Requires(nameof(Gate))] get; [Requires(nameof(Gate))] set; }

            [Requires("row.Gate")]
            public static Table operator +(Table row, int n) => row;

            [Requires(nameof(Gate))]
            public void Deconstruct(out int a, out int b) => (a, b) = (1, 2);

            public void Use(Table other, bool flag)
            {
                {{body}}
            }
        }
        """);

    [Fact]
    public void CallWithoutTheLock_IsReported() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            public void Add() => [|AddCore(1)|];

            [Requires(nameof(_gate))]
            private void AddCore(int row) { }
        }
        """,
        "'AddCore' requires '_gate', which is not held");

    [Fact]
    public void CallWhileHeldShared_SaysSo() => Verify(
        """
        public class Table
        {
            private readonly RwGate _gate = new();

            public void Add()
            {
                _gate.EnterRead();
                [|AddCore()|];
                _gate.ExitRead();
            }

            [Requires(nameof(_gate))]
            public void AddCore() { }
        }
        """,
        "'AddCore' requires '_gate' exclusively, which is not held so: only shared");

    [Theory]
    [InlineData("[|Add(1)|];")]
    [InlineData("int x = [|this.Add(1)|] + 1;")]
    [InlineData("[|other.Add(1)|];")]
    [InlineData("int? x = other?[|.Add(1)|];")]
    [InlineData("[|Join(other)|];")]
    [InlineData("[|Table.Join(this)|];")]
    [InlineData("int x = [|Size|];")]
    [InlineData("[|Size = 1|];")]
    [InlineData("var sum = [|other + 1|];")]
    [InlineData("Gate.Enter(); Gate.Exit(); [|Add(1)|];")]
    [InlineData("if (flag) Gate.Enter(); [|Add(1)|]; if (flag) Gate.Exit();")]
    [InlineData("Gate.Enter(); [|other.Add(1)|]; Gate.Exit();")]
    [InlineData("Rw.EnterRead(); Look(); [|Change()|]; Rw.ExitRead();")]
    [InlineData("int x = flag switch { true => [|Add(1)|], false => 0 };")]
    [InlineData("Parallel.For(0, 2, i => [|Add(i)|]);")]
    public void EveryFormOfCall_IsReported(string statement) => VerifyIn(statement);

    [Theory]
    [InlineData("Gate.Enter(); Add(1); Gate.Exit();")]
    [InlineData("Gate.Enter(); Add(Size); Gate.Exit();")]
    [InlineData("Rw.EnterWrite(); Look(); Change(); Rw.ExitWrite();")]
    [InlineData("using var scope = new Scope(other.Gate); other.Add(1); Join(other);")]
    [InlineData("other.Gate.Enter(); Table same = other; same.Add(1); Join(same); other.Gate.Exit();")]
    [InlineData("if (!Gate.TryEnter()) return; try { Add(1); } finally { Gate.Exit(); }")]
    [InlineData("var fresh = new Table(1); fresh.Add(1); Join(fresh);")]
    [InlineData("var fresh = new Table();")]
    [InlineData("string name = nameof(Add);")]
    public void UnderTheLock_IsSilent(string statement) => VerifyIn(statement);

    [Fact]
    public void InterfaceMember_BindsItsCallersAndItsBodies() => Verify(
        """
        public interface ITable
        {
            Gate Gate { get; }

            [Requires(nameof(Gate))]
            void Add();
        }

        public sealed class Table : ITable
        {
            public Gate Gate { get; } = new();

            [GuardedBy(nameof(Gate))]
            private int _count;

            public void Add() => _count++;
        }

        public static class User
        {
            public static void Use(ITable table, Table direct)
            {
                [|table.Add()|];
                [|direct.Add()|];
                table.Gate.Enter();
                table.Add();
                table.Gate.Exit();
            }
        }
        """);

    [Fact]
    public void DelegateType_RequiresOfItsInvocations() => Verify(
        """
        public class Table
        {
            private static readonly Gate s_gate = new();

            [Requires("Table.s_gate")]
            public delegate void Visitor(int row);

            public void Visit(Visitor visitor)
            {
                [|visitor(1)|];
                s_gate.Enter();
                visitor(2);
                s_gate.Exit();
                visitor?{|LOCK1005:.Invoke(3)|};
            }
        }
        """);

    [Fact]
    public void DelegateParameter_IsInvokedWithTheLock() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void Each([Requires(nameof(_gate))] Action visit)
            {
                _gate.Enter();
                visit();
                _gate.Exit();
            }

            public void Use() => Each(() => _count++);
        }
        """);

    [Fact]
    public void DelegateParameterInvokedWithoutTheLock_IsTheMistakeOfTheCallee() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void Each([Requires(nameof(_gate))] Action visit) => [|visit()|];

            public void Use() => Each(() => _count++);
        }
        """);

    [Fact]
    public void LocalFunctionWithContract_IsCheckedAtItsCalls() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            public void Use()
            {
                [|Add()|];
                _gate.Enter();
                Add();
                _gate.Exit();

                [Requires(nameof(_gate))]
                void Add() { }
            }
        }
        """);

    [Fact]
    public void AnyInstanceOfAClass_IsEnough() => Verify(
        """
        public class Account
        {
            [LockClass("account")]
            public readonly Gate Gate = new();
        }

        public static class Bank
        {
            public static void Use(Account account)
            {
                [|Audit()|];
                account.Gate.Enter();
                Audit();
                account.Gate.Exit();
            }

            [Requires("class:account")]
            public static void Audit() { }
        }
        """);

    [Fact]
    public void BaseConstructor_IsACall() => Verify(
        """
        public class Base
        {
            internal static readonly Gate Gate = new();

            [Requires(nameof(Gate))]
            protected Base() { }
        }

        public class Derived : Base
        {
            public Derived() [|: base()|] { }
        }
        """);

    [Fact]
    public void IteratorAndAsync_RequireAtTheCall() => Verify(
        """
        public class Table
        {
            private readonly AsyncGate _gate = new();

            [Requires(nameof(_gate))]
            public async Task Save() => await Task.Yield();

            public async Task Use()
            {
                await [|Save()|];
                await _gate.EnterAsync();
                await Save();
                _gate.Exit();
            }
        }
        """);

    [Fact]
    public void ExtensionMethod_GetsItsReceiver() => Verify(
        """
        public class Table
        {
            public readonly Gate Gate = new();

            public void Use()
            {
                [|this.Sort()|];
                Gate.Enter();
                this.Sort();
                Gate.Exit();
            }
        }

        public static class Tables
        {
            [Requires("table.Gate")]
            public static void Sort(this Table table) { }
        }
        """);

    [Fact]
    public void Miss_CallThroughReflectionOrDynamic_IsSilent() => VerifyIn("dynamic table = other; table.Add(1);");

    [Fact]
    public void LambdaWithAContract_IsHeldToItWhereItIsCalled() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            [GuardedBy(nameof(_gate))]
            private int _rows;

            public void Use()
            {
                var add = [Requires(nameof(_gate))] (int n) => _rows += n;
                [|add(1)|];
                _gate.Enter();
                add(2);
                _gate.Exit();
            }
        }
        """);

    [Theory]
    [InlineData("[|a += b|];")]
    [InlineData("[|a++|];")]
    [InlineData("Money c = [|a + b|];")]
    [InlineData("lock (a.Gate) lock (b.Gate) { a += b; } lock (b.Gate) { b++; }")]
    public void OperatorOfTheProgram_IsACall(string body) => Verify(
        $$"""
        internal class Money
        {
            public readonly object Gate = new();

            [Requires("a.Gate")]
            public static Money operator +(Money a, Money b) => a;

            [Requires("a.Gate")]
            public static Money operator ++(Money a) => a;

            [NestedLock(By = "nobody else does")]
            public static void M(Money a, Money b) { {{body}} }
        }
        """);

    [Theory]
    [InlineData("public Session(Table table) { _table = table; }")]
    [InlineData("public Session(Table table) => _table = table;")]
    [InlineData("public Session(Table table) => this._table = table ?? throw new ArgumentNullException(nameof(table));")]
    [InlineData("public Session(Table table) { ArgumentNullException.ThrowIfNull(table); (_table, _count) = (table, 1); }")]
    [InlineData("[Excludes(\"table.Gate\")] public Session(Table table) { _table = table; }")]
    public void WhatAConstructorKeeps_IsWhatItGot(string constructor) => Verify(
        $$"""
        public class Table
        {
            public readonly Gate Gate = new();
        }

        public class Session
        {
            private readonly Table _table;
            private int _count;

            {{constructor}}

            [Requires("_table.Gate")]
            public void Use() => _count++;
        }

        public class Server
        {
            public void Right(Table table, Table other)
            {
                var session = new Session(table);
                table.Gate.Enter();
                session.Use();
                table.Gate.Exit();
            }

            public void Wrong(Table table, Table other)
            {
                var session = new Session(table);
                other.Gate.Enter();
                [|session.Use()|];
                other.Gate.Exit();
            }
        }
        """);

    [Fact]
    public void ContractOfADelegateType_IsThatOfLambdasAndOfInvocations() => Verify(
        """
        public class Node
        {
            public readonly Gate Gate = new();

            [GuardedBy(nameof(Gate))]
            public int Value;
        }

        [Requires("node.Gate")]
        public delegate void Visitor(Node node);

        public class Walker
        {
            private readonly List<Visitor> _visitors = new();

            public static void Forgets(Node node, Visitor visitor) => [|visitor(node)|];

            public static void Holds(Node node, Visitor visitor)
            {
                node.Gate.Enter();
                visitor(node);
                node.Gate.Exit();
            }

            public void Passed(Node node)
            {
                Forgets(node, n => n.Value++);
                Holds(node, n => n.Value++);
                Holds(node, {|LOCK2012:n => n.Gate.Exit()|});
            }

            public void Kept()
            {
                _visitors.Add(n => n.Value++);
                _visitors.Add({|LOCK2012:n => n.Gate.Exit()|});
            }

            public void InALocal(Node node, Node other)
            {
                Visitor visitor = n => n.Value++;
                node.Gate.Enter();
                visitor(node);
                [|visitor(other)|];
                node.Gate.Exit();
            }
        }
        """);

    [Theory]
    [InlineData("public Gate HeadGate => _head.Gate;")]
    [InlineData("public Gate HeadGate { get { return this._head.Gate; } }")]
    public void PropertyThatLeadsToALock_IsThatLock(string property) => Verify(
        $$"""
        public class Node
        {
            public Gate Gate { get; } = new();

            [Requires(nameof(Gate))]
            public int Get() => 1;
        }

        public class Chain
        {
            private readonly Node _head = new();

            {{property}}

            [Requires(nameof(HeadGate))]
            private int First() => _head.Get();

            public int Right()
            {
                _head.Gate.Enter();
                try { return First(); } finally { HeadGate.Exit(); }
            }

            public int Wrong() => [|First()|];
        }
        """);

    [Theory]
    [InlineData("lock (rows[i].Gate) { rows[i].Hit(); }")]
    [InlineData("int at = i; lock (rows[at].Gate) { rows[at].Hit(); }")]
    [InlineData("Row row = rows[i]; lock (rows[i].Gate) { row.Hit(); }")]
    [InlineData("lock (rows[i].Gate) { [|rows[i - 1].Hit()|]; }")]
    [InlineData("lock (rows[i].Gate) { i++; [|rows[i].Hit()|]; }")]
    [InlineData("lock (rows[i].Gate) { [|others[i].Hit()|]; }")]
    public void ElementOfThisTurn_IsTheSameThroughout(string body) => Verify(
        $$"""
        public class Row
        {
            public object Gate { get; } = new();

            [Requires(nameof(Gate))]
            public void Hit() { }
        }

        public static class Rows
        {
            public static void All(Row[] rows, Row[] others)
            {
                for (int i = 1; i < rows.Length; i++) { {{body}} }
            }
        }
        """);

    /// <summary>The compiler calls what takes an object apart.</summary>
    [Theory]
    [InlineData("[|(int x, int y) = pair|];")]
    [InlineData("int x; [|(x, _) = pair|];")]
    [InlineData("if (pair is [|(1, 2)|]) { }")]
    [InlineData("_ = pair switch { [|(1, _)|] => 1, _ => 2 };")]
    [InlineData("pair.Gate.Enter(); (int x, int y) = pair; pair.Gate.Exit();")]
    [InlineData("(int x, int y) = (1, 2);")]
    public void Deconstruct_IsACall(string statement) => Verify(
        $$"""
        public sealed class Pair
        {
            public readonly Gate Gate = new();

            [Requires(nameof(Gate))]
            public void Deconstruct(out int x, out int y) => x = y = 1;

            public static void M(Pair pair)
            {
                {{statement}}
            }
        }
        """);

    [Fact]
    public void DeconstructInALoop_IsACall() => Verify(
        """
        public sealed class Pair
        {
            public readonly Gate Gate = new();

            [Requires(nameof(Gate))]
            public void Deconstruct(out int x, out int y) => x = y = 1;

            public static void M(List<Pair> pairs)
            {
                foreach ([|var (x, y)|] in pairs)
                {
                }
            }
        }
        """);

    /// <summary>A member that names what it holds a capability is still the lock that its type makes it.</summary>
    [Theory]
    [InlineData("object", "lock (store.Sync) { store.Take(); }")]
    [InlineData("Lock", "lock (store.Sync) { store.Take(); }")]
    [InlineData("Lock", "using (store.Sync.EnterScope()) { store.Take(); }")]
    [InlineData("SemaphoreSlim", "store.Sync.Wait(); store.Take(); store.Sync.Release();")]
    [InlineData("object", "[|store.Take()|];")]
    [InlineData("object", "lock (other.Sync) { [|store.Take()|]; }")]
    public void NamedCapability_StaysTheLockOfItsType(string type, string body) => Verify(
        $$"""
        public interface IStore
        {
            [Capability("store")]
            {{type}} Sync { get; }

            [Requires(nameof(Sync))]
            void Take();
        }

        public static class User
        {
            public static void M(IStore store, IStore other)
            {
                {{body}}
            }
        }
        """);

    /// <summary>Nobody acquires a role: it is entered where a member of it runs what asks for it.</summary>
    [Theory]
    [InlineData("Kind = CapabilityKind.Role", "action()")]
    [InlineData("Kind = CapabilityKind.Lock", "[|action()|]")]
    public void RoleThatRunsWhatAsksForIt_EntersIt(string kind, string statement) => Verify(
        $$"""
        [Capability("ui", {{kind}})]
        public sealed class Ui
        {
            public void Post([Requires("this")] Action action) => {{statement}};

            [Requires("this")]
            public void Draw() { }

            public void Show() => [|Draw()|];
        }
        """);
}
