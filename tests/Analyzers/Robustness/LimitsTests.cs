// Limits that cut an answer short rather than a body: on this side of each the mistake is found, beyond it the analysis is silent.
using System;
using System.Linq;
using Locking.Analyzers.Flow;
using Locking.Analyzers.Summaries;
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Robustness;

public sealed class LimitsTests() : RuleTests("LOCK2004")
{
    private static string Lines(int count, Func<int, string> line) => string.Join("\n", Enumerable.Range(0, count).Select(line));

    /// <summary>LockExpression.MaxDepth: a name that leads to another name, and so on for ever.</summary>
    [Fact]
    public void RedirectionsOfNames() => Verify(
        """
        public class Table
        {
            [ReturnsCapability({|LOCK0001:nameof(Two)|})]
            public object One => new();

            [ReturnsCapability({|LOCK0001:nameof(One)|})]
            public object Two => new();
        }
        """);

    /// <summary>ValueTable.MaxDepth: a walk through a structure.</summary>
    [Theory]
    [InlineData(3, "{|LOCK1001:", "|}")]
    [InlineData(ValueTable.MaxDepth + 2, "", "")]
    public void LayersOfAValue(int layers, string open, string close) => Verify(
        $$"""
        public class Node
        {
            private readonly Gate _gate = new();
            private readonly Node _next = new();

            [GuardedBy(nameof(_gate))]
            private int _count;

            public void Use() => {{open}}{{string.Concat(Enumerable.Repeat("_next.", layers))}}_count{{close}} = 1;
        }
        """);

    /// <summary>Hold.MaxDepth: how often a re-entrant lock is held.</summary>
    [Theory]
    [InlineData(Hold.MaxDepth)]
    [InlineData(Hold.MaxDepth + 3)]
    public void TimesThatALockIsHeld(int times) => Verify(
        $$"""
        public class Table
        {
            private readonly object _gate = new();

            public void Use()
            {
                {{Lines(times, _ => "Monitor.Enter(_gate);")}}
                {{Lines(times, _ => "Monitor.Exit(_gate);")}}
            }
        }
        """);

    /// <summary>GraphBuilder.MaxCallDepth: local functions that call local functions.</summary>
    [Theory]
    [InlineData(GraphBuilder.MaxCallDepth, true)]
    [InlineData(GraphBuilder.MaxCallDepth + 1, false)]
    public void CallsOfLocalFunctions(int depth, bool isFound) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();

            public void Use()
            {
                _gate.Enter();
                L0();
                _gate.Exit();
                {{Lines(depth - 1, i => $"void L{i}() => L{i + 1}();")}}
                void L{{depth - 1}}()
                {
                    {{(isFound ? "[|_gate.Enter()|]" : "_gate.Enter()")}};
                    _gate.Exit();
                }
            }
        }
        """);

    /// <summary>MethodSummary.MaxChain: calls that lead to an acquire.</summary>
    [Theory]
    [InlineData(MethodSummary.MaxChain - 1, true)]
    [InlineData(MethodSummary.MaxChain, false)]
    public void CallsThatLeadToAnAcquire(int calls, bool isFound) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();

            public void Use()
            {
                _gate.Enter();
                {{(isFound ? "[|M0()|]" : "M0()")}};
                _gate.Exit();
            }

            {{Lines(calls, i => $"public void M{i}() => M{i + 1}();")}}

            public void M{{calls}}()
            {
                _gate.Enter();
                _gate.Exit();
            }
        }
        """);

    /// <summary>MethodSummary.MaxInside: locks that one call acquires.</summary>
    [Theory]
    [InlineData(MethodSummary.MaxInside - 1, true)]
    [InlineData(MethodSummary.MaxInside, false)]
    public void LocksOfACall(int others, bool isFound) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();
            {{Lines(others, i => $"private readonly Gate _g{i} = new();")}}

            public void Use()
            {
                _gate.Enter();
                {{(isFound ? "[|Inner()|]" : "Inner()")}};
                _gate.Exit();
            }

            private void Inner()
            {
                {{Lines(others, i => $"_g{i}.Enter(); _g{i}.Exit();")}}
                _gate.Enter();
                _gate.Exit();
            }
        }
        """);

    /// <summary>MethodSummary.MaxExits: ways out of a helper that leave different locks held.</summary>
    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void WaysOutOfAHelper(int locks, bool isFound) => Verify(
        $$"""
        public class Table
        {
            private readonly Gate _gate = new();
            {{Lines(locks, i => $"private readonly Gate _g{i} = new();")}}

            public void Use({{string.Join(", ", Enumerable.Range(0, locks).Select(i => "bool b" + i))}})
            {
                {{(isFound ? "{|LOCK2001:" : "")}}Helper({{string.Join(", ", Enumerable.Range(0, locks).Select(i => "b" + i))}}){{(isFound ? "|}" : "")}};
            }

            private void Helper({{string.Join(", ", Enumerable.Range(0, locks).Select(i => "bool b" + i))}})
            {
                {{Lines(locks, i => $"if (b{i}) _g{i}.Enter();")}}
            }
        }
        """);

    /// <summary>CallGraph.MaxImplementations: bodies that a virtual call may run.</summary>
    [Theory]
    [InlineData(CallGraph.MaxImplementations, true)]
    [InlineData(CallGraph.MaxImplementations + 1, false)]
    public void BodiesThatAnswerACall(int bodies, bool isFound) => Verify(
        $$"""
        public class Outer
        {
            private static readonly Gate s_gate = new();

            public void Use(Base used)
            {
                s_gate.Enter();
                {{(isFound ? "[|used.Run()|]" : "used.Run()")}};
                s_gate.Exit();
            }

            public abstract class Base
            {
                public abstract void Run();
            }

            {{Lines(bodies, i => $"public class Derived{i} : Base {{ public override void Run() {{ s_gate.Enter(); s_gate.Exit(); }} }}")}}
        }
        """);

    /// <summary>GuardInference.MaxDepth: helpers of helpers whose callers hold the lock.</summary>
    [Theory]
    [InlineData(GuardInference.MaxDepth)]
    [InlineData(GuardInference.MaxDepth + 2)]
    public void HelpersOfHelpers(int depth) => Verify(
        $$"""
        public class Table
        {
            private readonly Lock _gate = new();
            private int _count;

            public void Add() { lock (_gate) { _count++; } }

            public void Remove() { lock (_gate) { _count--; } }

            public void Reset() { lock (_gate) { H0(); } }

            {{Lines(depth, i => $"private void H{i}() => H{i + 1}();")}}

            private void H{{depth}}() => _count = 0;
        }
        """);

    /// <summary>ScopeAnalysis.MaxRounds: members that call each other in a circle.</summary>
    [Fact]
    public void CirclesOfCalls() => Verify(
        """
        public class Table
        {
            private readonly Gate _gate = new();

            public void Use(int n)
            {
                _gate.Enter();
                [|A(n)|];
                _gate.Exit();
            }

            private void A(int n) { if (n > 0) B(n - 1); }

            private void B(int n) { if (n > 0) C(n - 1); }

            private void C(int n)
            {
                A(n - 1);
                _gate.Enter();
                _gate.Exit();
            }
        }
        """);

    /// <summary>LockOrder.MaxCycle: locks of a cycle.</summary>
    [Theory]
    [InlineData(LockOrder.MaxCycle, true)]
    [InlineData(LockOrder.MaxCycle + 1, false)]
    public void LocksOfACycle(int locks, bool isFound) => Verify(
        $$"""
        public class Table
        {
            {{Lines(locks, i => $"private readonly Lock _g{i} = new();")}}

            {{Lines(locks, i => $"public void M{i}() {{ lock (_g{i}) {{ lock ({(isFound ? "{|LOCK3001:" : "")}_g{(i + 1) % locks}{(isFound ? "|}" : "")}) {{ }} }} }}")}}
        }
        """);
}
