// LOCK1006: a call must not be made while holding what the callee excludes.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class CallExcludesLockTests() : RuleTests("LOCK1006")
{
    private void VerifyIn(string body) => Verify(
        $$"""
        public class Table
        {
            public readonly Gate Gate = new();
            public readonly RwGate Rw = new();

            [Excludes(nameof(Gate))]
            public int Refresh() => 0;

            [Excludes(nameof(Rw))]
            public void Reload() { }

            [Excludes("other.Gate")]
            public static void Join(Table other) { }

            public void Use(Table other, bool flag)
            {
                {{body}}
            }
        }
        """);

    [Fact]
    public void CallUnderTheLock_IsReportedWithTheAcquire() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            public void Add()
            {
                lock ({|#0:_gate|})
                {
                    [|Refresh()|];
                }
            }

            [Excludes(nameof(_gate))]
            public void Refresh()
            {
            }
        }
        """,
        "'Refresh' is called while holding '_gate', which it excludes");

    [Theory]
    [InlineData("Gate.Enter(); [|Refresh()|]; Gate.Exit();")]
    [InlineData("Gate.Enter(); int x = [|this.Refresh()|] + 1; Gate.Exit();")]
    [InlineData("other.Gate.Enter(); [|other.Refresh()|]; other.Gate.Exit();")]
    [InlineData("other.Gate.Enter(); [|Join(other)|]; other.Gate.Exit();")]
    [InlineData("Rw.EnterRead(); [|Reload()|]; Rw.ExitRead();")]
    [InlineData("Rw.EnterWrite(); [|Reload()|]; Rw.ExitWrite();")]
    [InlineData("if (flag) Gate.Enter(); [|Refresh()|]; if (flag) Gate.Exit();")]
    [InlineData("using var scope = new Scope(Gate); [|Refresh()|];")]
    [InlineData("Gate.Enter(); try { [|Refresh()|]; } finally { Gate.Exit(); }")]
    [InlineData("if (Gate.TryEnter()) { [|Refresh()|]; Gate.Exit(); }")]
    [InlineData("Gate.Enter(); Act(); Gate.Exit(); void Act() => [|Refresh()|];")]
    [InlineData("while (flag) { Gate.Enter(); [|Refresh()|]; Gate.Exit(); }")]
    public void WhileHeld_IsReported(string statement) => VerifyIn(statement);

    [Theory]
    [InlineData("Refresh();")]
    [InlineData("Gate.Enter(); Gate.Exit(); Refresh();")]
    [InlineData("Gate.Enter(); other.Refresh(); Gate.Exit();")]
    [InlineData("Rw.EnterRead(); Refresh(); Rw.ExitRead();")]
    [InlineData("if (Gate.TryEnter()) Gate.Exit(); else Refresh();")]
    [InlineData("using (var scope = new Scope(Gate)) { scope.Exit(); Refresh(); }")]
    [InlineData("Gate.Enter(); Task.Run(() => Refresh()); Gate.Exit();")]
    [InlineData("if (flag) Gate.Enter(); if (!flag) Refresh(); if (flag) Gate.Exit();")]
    public void WhileNotHeld_IsSilent(string statement) => VerifyIn(statement);

    [Fact]
    public void Requiring_IsHolding() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            [Requires(nameof(_gate))]
            public void Add() => [|Refresh()|];

            [Excludes(nameof(_gate))]
            public void Refresh() { }
        }
        """);

    [Fact]
    public void BodyThatAcquiresWhatItExcludes_IsRight() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            [Excludes(nameof(_gate))]
            public void Refresh()
            {
                _gate.Enter();
                _gate.Exit();
            }

            public void Wrong()
            {
                _gate.Enter();
                [|Refresh()|];
                _gate.Exit();
            }
        }
        """);

    [Fact]
    public void ReentrantLock_IsExcludedAllTheSame() => Verify(
        """
        public class Table
        {
            private readonly object _gate = new();

            [Excludes(nameof(_gate))]
            public void WaitForIdle() { }

            public void Stop()
            {
                lock (_gate)
                {
                    lock (_gate)
                    {
                        [|WaitForIdle()|];
                    }
                }
            }
        }
        """);

    [Fact]
    public void AnyInstanceOfAClass_IsExcluded() => Verify(
        """
        public class Account
        {
            [LockClass("account")]
            public readonly Gate Gate = new();

            [Excludes("class:account")]
            public static void Audit() { }

            public void Use()
            {
                Audit();
                Gate.Enter();
                [|Audit()|];
                Gate.Exit();
            }
        }
        """);

    [Fact]
    public void ConstructorAccessorAndOperator_ExcludeToo() => Verify(
        """
        public class Table
        {
            public static readonly Gate Gate = new();

            [Excludes(nameof(Gate))]
            public Table() { }

            public int Size { [Excludes(nameof(Gate))] get => 0; }

            [Excludes(nameof(Gate))]
            public static bool operator !(Table table) => false;

            public void Use()
            {
                Gate.Enter();
                var table = [|new Table()|];
                int size = [|Size|];
                bool no = [|!table|];
                Gate.Exit();
            }
        }
        """);

    [Fact]
    public void Override_InheritsTheExclusion() => Verify(
        """
        public abstract class Source
        {
            protected readonly Gate Gate = new();

            [Excludes(nameof(Gate))]
            public abstract void Stop();
        }

        public sealed class One : Source
        {
            public override void Stop() { }

            public void Use()
            {
                Gate.Enter();
                [|Stop()|];
                Gate.Exit();
            }
        }
        """);

    [Fact]
    public void Miss_ExclusionThroughAHelperWithoutContract_IsSilent() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            [Excludes(nameof(_gate))]
            public void Refresh() { }

            public void RefreshTwice()
            {
                Refresh();
                Refresh();
            }

            public void Use()
            {
                _gate.Enter();
                RefreshTwice();
                _gate.Exit();
            }
        }
        """);

    /// <summary>One mistake: where the callee is told that it must not be called, it is not told besides that it blocks or that it locks.</summary>
    [Theory]
    [InlineData("_gate.Enter(); [|Wait()|]; _gate.Exit();")]
    [InlineData("_gate.Enter(); _other.Enter(); {|LOCK1006:{|LOCK4002:Wait()|}|}; _other.Exit(); _gate.Exit();")]
    [InlineData("_gate.Enter(); {|LOCK2004:Through()|}; _gate.Exit();")]
    public void WhatIsExcluded_IsToldOnce(string body) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();
            private readonly Gate _other = new();

            [Excludes(nameof(_gate)), MayBlock] public void Wait() { }
            [Excludes(nameof(_gate))] public void Add() { _gate.Enter(); _gate.Exit(); }

            public void Run() { {{body}} }

            private void Through() => Add();
        }
        """);

    [Fact]
    public void ExcludedCalleeOfAHelperThatLocksNothing_IsToldThere() => Verify(
        """
        public abstract class Table
        {
            private readonly Gate _gate = new();

            [Excludes(nameof(_gate))] public abstract void Add();

            public void Run() { _gate.Enter(); Through(); _gate.Exit(); }

            private void Through() => [|Add()|];
        }
        """);
}
