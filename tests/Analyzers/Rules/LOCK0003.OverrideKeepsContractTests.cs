// LOCK0003: an override, an implementation or a delegate asks no more and promises no less than what it stands for.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class OverrideKeepsContractTests() : RuleTests("LOCK0003")
{
    private void VerifyPair(string inherited, string derived, string? message = null) => Verify(
        $$"""
        public abstract class Base
        {
            public readonly Gate Gate = new();
            public readonly RwGate Rw = new();

            {{inherited}}
        }

        public abstract class Derived : Base
        {
            {{derived}}
        }
        """, message);

    [Theory]
    [InlineData("[Requires(nameof(_gate))] void Local() { } return [|Local|];")]
    [InlineData("[Excludes(nameof(_gate))] void Local() { } return [|Local|];")]
    [InlineData("[Requires(nameof(_gate))] void Local() { } Changed += [|Local|]; return null;")]
    [InlineData("[Requires(nameof(_gate))] void Local() { } _last = [|Local|]; return null;")]
    [InlineData("[Requires(nameof(_gate))] void Local() { } Task.Run([|Local|]); return null;")]
    [InlineData("void Local() { } return Local;")]
    [InlineData("[Requires(nameof(_gate))] void Local(int n) { } _gate.Enter(); numbers.ForEach(Local); _gate.Exit(); return null;")]
    public void LocalFunctionThatIsKept_IsComparedWithTheDelegate(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();

            private Action? _last;

            public event Action? Changed;

            public Action? Use(List<int> numbers) { {{body}} }
        }
        """);

    [Fact]
    public void Override_IsReportedAtItsName() => VerifyPair(
        "public virtual void Use() { }",
        "[Requires(nameof(Gate))] public override void [|Use|]() { }",
        "'Use' requires 'Gate', and 'Base.Use', which it stands for, does not say so");

    [Theory]
    [InlineData("public abstract void Use();", "[Requires(nameof(Gate))] public override void [|Use|]() { }")]
    [InlineData("[RequiresShared(nameof(Rw))] public abstract void Use();", "[Requires(nameof(Rw))] public override void [|Use|]() { }")]
    [InlineData("[Requires(nameof(Gate))] public abstract void Use();", "[Requires(nameof(Gate), nameof(Rw))] public override void [|Use|]() { }")]
    [InlineData("[Requires(nameof(Gate))] public abstract void Use();", "[Excludes(nameof(Gate))] public override void [|Use|]() { }")]
    [InlineData("public abstract void Use();", "[Excludes(nameof(Gate))] public override void [|Use|]() { }")]
    [InlineData("public abstract void Use();", "[Acquires(nameof(Gate))] public override void [|Use|]() => Gate.Enter();")]
    [InlineData("public abstract void Use();", "[Releases(nameof(Gate))] public override void [|Use|]() => Gate.Exit();")]
    [InlineData("[Acquires(nameof(Gate))] public abstract void Use();", "[Excludes(nameof(Gate))] public override void [|Use|]() { }")]
    [InlineData("[Releases(nameof(Gate))] public abstract void Use();", "[Requires(nameof(Gate))] public override void [|Use|]() { }")]
    [InlineData("[Acquires(nameof(Rw))] public abstract void Use();", "[AcquiresShared(nameof(Rw))] public override void [|Use|]() => Rw.EnterRead();")]
    [InlineData("[Requires(\"one\")] public abstract void Use(Gate one, Gate two);", "[Requires(\"two\")] public override void [|Use|](Gate one, Gate two) { }")]
    [InlineData("public abstract int Count { get; }", "[Requires(nameof(Gate))] public override int [|Count|] => 1;")]
    [InlineData("public abstract int Count { get; set; }", "[Requires(nameof(Gate))] public override int [|Count|] { get => 1; set { } }")]
    public void AsksMoreOrPromisesLess_IsReported(string inherited, string derived) => VerifyPair(inherited, derived);

    [Theory]
    [InlineData("[Requires(nameof(Gate))] public abstract void Use();", "public override void Use() { }")]
    [InlineData("[Requires(nameof(Gate))] public abstract void Use();", "[Requires(nameof(Gate))] public override void Use() { }")]
    [InlineData("[Requires(nameof(Rw))] public abstract void Use();", "[RequiresShared(nameof(Rw))] public override void Use() { }")]
    [InlineData("[Acquires(nameof(Gate))] public abstract void Use();", "[Acquires(nameof(Gate))] public override void Use() => Gate.Enter();")]
    [InlineData("[Acquires(nameof(Gate))] public abstract void Use();", "public override void Use() => Gate.Enter();")]
    [InlineData("[Acquires(nameof(Gate))] public abstract void Use();", "[Excludes(nameof(Gate)), Acquires(nameof(Gate))] public override void Use() => Gate.Enter();")]
    [InlineData("[Requires(\"one\")] public abstract void Use(Gate one);", "[Requires(\"renamed\")] public override void Use(Gate renamed) { }")]
    [InlineData("public virtual void Use() { }", "[Requires(nameof(Gate))] public new void Use() { }")]
    [InlineData("public virtual void Use() { }", "[Requires(nameof(Gate))] public void Use(int more) { }")]
    public void AsksNoMore_IsSilent(string inherited, string derived) => VerifyPair(inherited, derived);

    [Fact]
    public void Implementation_IsReportedToo() => Verify(
        """
        public interface ITable
        {
            Gate Gate { get; }

            void Use();

            void Other();
        }

        public class Table : ITable
        {
            public Gate Gate { get; } = new();

            [Requires(nameof(Gate))]
            public void [|Use|]()
            {
            }

            [Requires(nameof(Gate))]
            void ITable.[|Other|]()
            {
            }
        }
        """, "'Use' requires 'Gate', and 'ITable.Use', which it stands for, does not say so");

    [Fact]
    public void GenericBase_IsComparedByDefinition() => Verify(
        """
        public abstract class Base<T>
        {
            public readonly Gate Gate = new();

            [Requires(nameof(Gate))]
            public abstract void Use(T item);

            public abstract void Free(T item);
        }

        public class Derived : Base<int>
        {
            [Requires(nameof(Gate))]
            public override void Use(int item)
            {
            }

            [Requires(nameof(Gate))]
            public override void [|Free|](int item)
            {
            }
        }
        """);

    [Fact]
    public void MethodTurnedIntoADelegate_IsReportedAtTheMethod() => Verify(
        """
        [Requires("gate")]
        public delegate void Callback(Gate gate);

        public class Table
        {
            private readonly Gate _gate = new();

            [Requires(nameof(_gate))]
            public void Use()
            {
            }

            [Requires("gate")]
            public static void Called(Gate gate)
            {
            }

            public Action Wrong() => [|Use|];

            public Callback Right() => Called;

            public void Subscribe(Timer timer, List<int> rows)
            {
                Action action = [|Use|];
                action();
                Task.Run([|Use|]);
                var local = new Action([|Use|]);
                Event += [|Use|];
                Run(Use);
            }

            public void Run([Requires(nameof(_gate))] Action action)
            {
                _gate.Enter();
                action();
                _gate.Exit();
            }

            public event Action? Event;
        }
        """, "'Use' requires '_gate', and 'Func', which it stands for, does not say so".Replace("Func", "Action"));

    /// <summary>What a parameter promises holds for its whole argument, and for nothing that a call within it is passed.</summary>
    [Theory]
    [InlineData("Run(Same(1).Use)")]
    [InlineData("Run(Same(Calls(() => { })).Use)")]
    [InlineData("Run(Same(Calls([|Use|])).Use)")]
    public void CallWithinAnArgument_HasItsOwnContract(string call) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();

            [Requires(nameof(_gate))]
            public void Use()
            {
            }

            public void M() => {{call}};

            public void Run([Requires(nameof(_gate))] Action action)
            {
                _gate.Enter();
                action();
                _gate.Exit();
            }

            private Table Same(int times) => times > 0 ? this : new Table();

            private static int Calls(Action action)
            {
                action();
                return 1;
            }
        }
        """);

    [Theory]
    [InlineData("[MustNotBlock] public abstract void Use();", "[MayBlock] public override void [|Use|]() { }")]
    [InlineData("[MustNotBlock] public abstract void Use();", "[Excludes(nameof(Gate)), MayBlock] public override void [|Use|]() { }")]
    [InlineData("[MayBlock] public abstract void Use();", "[MustNotBlock] public override void Use() { }")]
    [InlineData("[MayBlock] public abstract void Use();", "[MayBlock] public override void Use() { }")]
    public void ToBlockIsMoreThanNotTo(string inherited, string derived) => VerifyPair(inherited, derived);

    [Fact]
    public void MethodThatReleasesALock_MayBeHandedOut() => Verify(
        """
        public class Later
        {
            private readonly Mutex _mutex = new();

            public void M(Queue<Action> queue) => queue.Enqueue(_mutex.ReleaseMutex);
        }
        """);

    [Theory]
    [InlineData("public abstract void Use();", "[RequiresShared(nameof(Rw))] public override void [|Use|]() { }", "requires 'Rw' shared")]
    [InlineData("public abstract void Use();", "[Excludes(nameof(Gate))] public override void [|Use|]() { }", "excludes 'Gate'")]
    [InlineData("public abstract void Use();", "[Acquires(nameof(Gate))] public override void [|Use|]() => Gate.Enter();", "acquires 'Gate'")]
    [InlineData("public abstract bool Use();", "[TryAcquires(true, nameof(Gate))] public override bool [|Use|]() { Gate.Enter(); return true; }", "acquires 'Gate'")]
    [InlineData("public abstract void Use();", "[Releases(nameof(Gate))] public override void [|Use|]() => Gate.Exit();", "releases 'Gate'")]
    [InlineData("[Acquires(nameof(Gate))] public abstract void Use();", "[Excludes(nameof(Gate))] public override void [|Use|]() { }", "does not acquire 'Gate' as promised")]
    [InlineData("[Releases(nameof(Gate))] public abstract void Use();", "[Requires(nameof(Gate))] public override void [|Use|]() { }", "does not release 'Gate' as promised")]
    [InlineData("[Acquires(nameof(Rw))] public abstract void Use();", "[AcquiresShared(nameof(Rw))] public override void [|Use|]() => Rw.EnterRead();", "does not acquire 'Rw' as promised")]
    public void Message_SaysWhatDiffers(string inherited, string derived, string excess) =>
        VerifyPair(inherited, derived, $"'Use' {excess}, and 'Base.Use', which it stands for, does not say so");

    /// <summary>What a clause on a parameter asks is compared where the argument is passed.</summary>
    [Fact]
    public void ContractOfAParameter_IsNotThatOfTheMember() => VerifyPair(
        "public abstract void Use(Action action);",
        "public override void Use([Requires(nameof(Gate))] Action action) { Gate.Enter(); action(); Gate.Exit(); }");

    [Fact]
    public void AccessorsThatDifferInTwoWays_AreToldBoth() => Verify(
        """
        public abstract class Base
        {
            public readonly Gate Gate = new();

            public abstract int Count { get; set; }
        }

        public class Derived : Base
        {
            public override int {|LOCK0003:{|LOCK0003:Count|}|}
            {
                [Requires(nameof(Gate))] get => 1;
                [Excludes(nameof(Gate))] set { }
            }
        }
        """);

    [Theory]
    [InlineData("[Requires(nameof(Sync))] public int Count() => _count;")]
    [InlineData("[Requires(nameof(_sync))] public int Count() => _count;")]
    [InlineData("[Requires(nameof(_sync), nameof(_other))] public int [|Count|]() => _count;")]
    [InlineData("[Requires(nameof(_other))] public int [|Count|]() => {|LOCK1002:_count|};")]
    public void LockBehindAPropertyOfTheInterface_HasTwoNames(string count) => Verify(
        $$"""
        public interface ITable
        {
            object Sync { get; }

            [Requires(nameof(Sync))]
            int Count();
        }

        public class Table : ITable
        {
            private readonly object _sync = new();
            private readonly object _other = new();

            [GuardedBy(nameof(_sync))]
            private int _count;

            public object Sync => _sync;

            {{count}}
        }
        """);

    [Fact]
    public void PromiseOfTheParameter_IsComparedInWordsOfTheCall() => Verify(
        """
        [Capability("role", Kind = CapabilityKind.Role)]
        public sealed class Role
        {
            [AssertsHeld("this")]
            public void Verify()
            {
            }

            public void Post([Requires("this")] Action action)
            {
            }
        }

        public static class App
        {
            public static readonly Role Ui = new();
            public static readonly Role Net = new();
        }

        public sealed class View
        {
            private readonly Gate _gate = new();

            [Requires("App.Ui")]
            public void Draw()
            {
            }

            [Requires(nameof(_gate))]
            private void Change()
            {
            }

            private void Run([Requires(nameof(_gate))] Action action)
            {
                _gate.Enter();
                action();
                _gate.Exit();
            }

            public static void RunFor([Requires("of._gate")] Action action, View of)
            {
                of._gate.Enter();
                action();
                of._gate.Exit();
            }

            public void Posts(View other)
            {
                App.Ui.Post(Draw);
                App.Net.Post([|Draw|]);
                Run(Change);
                Run([|other.Change|]);
                RunFor(other.Change, other);
                RunFor([|Change|], other);
            }
        }
        """);

    /// <summary>Whoever calls through the base takes the one answer for the other.</summary>
    [Theory]
    [InlineData("[TryAcquires(true, nameof(Gate))] public abstract bool Try();", "[TryAcquires(false, nameof(Gate))] public override bool [|Try|]() => !Gate.TryEnter();")]
    [InlineData("[TryAcquires(true, nameof(Gate))] public abstract bool Try();", "[TryAcquires(true, nameof(Gate))] public override bool Try() => Gate.TryEnter();")]
    [InlineData("[ReleasesWhen(true, nameof(Gate))] public abstract bool End();", "[ReleasesWhen(false, nameof(Gate))] public override bool [|End|]() { Gate.Exit(); return false; }")]
    [InlineData("[ReleasesWhen(true, nameof(Gate))] public abstract bool End();", "[ReleasesWhen(true, nameof(Gate))] public override bool End() { Gate.Exit(); return true; }")]
    public void OtherAnswer_IsReported(string inherited, string derived) => VerifyPair(inherited, derived);
}
