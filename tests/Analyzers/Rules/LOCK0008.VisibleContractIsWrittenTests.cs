// LOCK0008: what other projects see says what it does with locks.
using Locking.Tests.Harness;
using Xunit;

namespace Locking.Tests.Rules;

public sealed class VisibleContractIsWrittenTests() : RuleTests("LOCK0008")
{
    private void VerifyIn(string members, string? message = null) => Verify(
        $$"""
        namespace Stores;

        public class Store
        {
            private readonly object _items = new();
            [LockClass("stores.index")] private readonly object _index = new();
            private readonly ManualResetEventSlim _ready = new();
            private int _count;

            {{members}}
        }
        """,
        message);

    [Theory]
    [InlineData(
        "public int [|Wait|]() { _ready.Wait(); lock (_items) { return _count; } }",
        "'Wait' keeps [AcquiresInside(\"class:Stores.Store._items\")] and [MayBlock], which other projects do not see")]
    [InlineData("public void [|Add|]() { lock (_items) { _count++; } }", "'Add' keeps [AcquiresInside(\"class:Stores.Store._items\")], which other projects do not see")]
    [InlineData("protected void [|Add|]() { lock (_index) { _count++; } }", "'Add' keeps [AcquiresInside(\"class:stores.index\")], which other projects do not see")]
    public void VisibleMember_IsTold(string member, string message) => VerifyIn(member, message);

    [Fact]
    public void EveryKindOfMember_IsTold() => VerifyIn(
        """
        public [|Store|]() { lock (_items) { _count++; } }
        public int Count { [|get|] { lock (_items) { return _count; } } private set { lock (_items) { _count = value; } } }
        public int [|Twice|] => 2 * Read();
        public void [|All|]() { lock (_items) { lock (_index) { _count++; } } }
        private int Read() { lock (_items) { return _count; } }
        internal void Clear() { lock (_items) { _count = 0; } }
        """);

    [Theory]
    [InlineData("[AcquiresInside(\"class:stores.index\")] public void Add() { lock (_index) { _count++; } }")]
    [InlineData("[AcquiresInside(nameof(_items))] public void Add() { lock (_items) { _count++; } }")]
    [InlineData("[MayBlock] public void Wait() => _ready.Wait();")]
    [InlineData("public override string ToString() { lock (_items) { return \"\"; } }")]
    [InlineData("[NoThreadSafetyAnalysis(\"tested\")] public void Add() { lock (_items) { _count++; } }")]
    public void WhatIsSaid_IsSilent(string member) => VerifyIn(member);

    [Fact]
    public void InternalType_IsSilent() => Verify(
        """
        internal class Inner
        {
            private readonly object _gate = new();
            public void M() { lock (_gate) { } }
        }
        """);
}
